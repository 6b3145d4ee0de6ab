"use client";
import { useRouter } from "next/navigation";
import { useCallback, useEffect, useId, useRef, useState, useTransition } from "react";
import { TakesPictures } from "@/components/markdown/pictures";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { WhyButton } from "@/components/ui/why-button";
import {
  changeTypeName,
  changeTypes,
  missing,
  questions,
  type SectionId,
  type Submission,
  sections,
} from "@/lib/reviews/submission";

type Draft = { ref: string; revision: number; title: string; adr: string | null; submission: Submission };
type Saved =
  | { ok: true; revision: number }
  | { ok: false; message: string; faults: readonly { field: string; message: string }[] };
type Save = { state: "saved" | "typing" | "saving"; message: string | null };

const pause = 1500;

/** The submission as its author writes it: saved while one types, submitted when nothing is missing. */
export function DraftForm({
  draft,
  tier,
  adrs,
  autosave,
  submit,
  again,
}: {
  draft: Draft;
  tier: number | null;
  /** Records that can be linked. */
  adrs: readonly { ref: string; title: string }[];
  autosave: (draft: Draft) => Promise<Saved>;
  submit: (draft: Draft) => Promise<Saved>;
  /** The board has seen an earlier round. */
  again: boolean;
}) {
  const [title, setTitle] = useState(draft.title);
  const [adr, setAdr] = useState(draft.adr);
  const [submission, setSubmission] = useState<Submission>(draft.submission);
  const [save, setSave] = useState<Save>({ state: "saved", message: null });
  const [pending, start] = useTransition();
  const revision = useRef(draft.revision);
  const busy = useRef(false);
  const router = useRouter();
  const id = useId();
  const now = useCallback(
    (): Draft => ({ ref: draft.ref, revision: revision.current, title, adr, submission: tidy(submission) }),
    [draft.ref, title, adr, submission],
  );

  useEffect(() => {
    if (save.state !== "typing") return;
    const timer = setTimeout(async () => {
      // One save at a time: each tells the server which revision it follows.
      if (busy.current) return setSave((s) => ({ ...s }));
      busy.current = true;
      setSave({ state: "saving", message: null });
      const said = await autosave(now());
      busy.current = false;
      if (said.ok) revision.current = said.revision;
      setSave((s) => (s.state === "typing" ? s : { state: "saved", message: said.ok ? null : said.message }));
    }, pause);
    return () => clearTimeout(timer);
  }, [save, now, autosave]);

  useEffect(() => {
    if (save.state === "saved") return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [save.state]);

  const put = (set: Partial<Submission>) => {
    setSubmission((s) => ({ ...s, ...set }));
    setSave({ state: "typing", message: null });
  };
  const lacks = missing(tidy(submission), tier);
  const asked = sections.filter((s) => tier !== 4 || s.brief || submission[s.id]);
  const send = () =>
    start(async () => {
      const said = await submit(now());
      if (said.ok) router.refresh();
      else setSave({ state: "saved", message: said.message });
    });

  return (
    <div className="draft">
      <div className="field">
        <label htmlFor={`${id}-title`}>Title</label>
        <input
          id={`${id}-title`}
          className="inp"
          maxLength={200}
          value={title}
          onChange={(e) => {
            setTitle(e.target.value);
            setSave({ state: "typing", message: null });
          }}
        />
      </div>
      <div className="two">
        <Choose
          label="Kind of change"
          id="changeType"
          value={submission.changeType ?? ""}
          options={changeTypes.map((c) => ({ value: c, label: changeTypeName[c] }))}
          onChange={(v) => put({ changeType: changeTypes.find((c) => c === v) })}
        />
        <div className="field" id="sponsor">
          <label htmlFor={`${id}-sponsor`}>Sponsor</label>
          <input
            id={`${id}-sponsor`}
            className="inp"
            maxLength={200}
            value={submission.sponsor ?? ""}
            onChange={(e) => put({ sponsor: e.target.value })}
          />
        </div>
        <div className="field">
          <label htmlFor={`${id}-target`}>
            Wanted by <span className="lbl">optional</span>
          </label>
          <input
            id={`${id}-target`}
            className="inp"
            type="date"
            value={submission.targetDate ?? ""}
            onChange={(e) => put({ targetDate: e.target.value || undefined })}
          />
        </div>
        <Choose
          label="Decision record"
          id="adr"
          value={adr ?? ""}
          blank="None"
          options={adrs.map((a) => ({ value: a.ref, label: `${a.ref} ${a.title}` }))}
          onChange={(v) => {
            setAdr(v || null);
            setSave({ state: "typing", message: null });
          }}
        />
      </div>
      <h2>What triage asks</h2>
      <p className="ink2">The answers, with the tier and the checks, choose the lane. Leave none open.</p>
      {questions.map((q) => (
        <YesNo key={q.id} id={q.id} text={q.text} value={submission[q.id]} onChange={(v) => put({ [q.id]: v })} />
      ))}
      <YesNo
        id="emergency"
        text="An emergency: ends an active severity-1 incident, or meets a legal duty"
        value={submission.emergency ?? false}
        onChange={(v) => put({ emergency: v })}
      />
      {submission.emergency ? (
        <div className="field" id="emergencyReason">
          <label htmlFor={`${id}-em`}>Incident or duty</label>
          <input
            id={`${id}-em`}
            className="inp"
            maxLength={2000}
            value={submission.emergencyReason ?? ""}
            onChange={(e) => put({ emergencyReason: e.target.value })}
          />
        </div>
      ) : null}
      <h2>What the board reads</h2>
      {asked.map((s, i) => (
        <SectionField
          key={s.id}
          n={i + 1}
          section={s}
          value={submission[s.id] ?? ""}
          onChange={(text) => put({ [s.id]: text })}
        />
      ))}
      <div className="savebar">
        <span className={save.message ? "st fail" : "lbl"} role="status">
          {save.message ??
            (save.state === "saved" ? "All changes are saved." : save.state === "saving" ? "Saving" : "Not saved yet")}
        </span>
        {lacks.length === 0 ? (
          <Button tone="primary" size="large" disabled={pending} onClick={send}>
            {pending ? "Submitting" : again ? "Submit again" : "Submit to the board"}
          </Button>
        ) : (
          <WhyButton
            label="Submit to the board"
            size="large"
            missing={lacks.map((l) => ({ text: l.message, href: `#${l.field}` }))}
          />
        )}
      </div>
      {save.message ? (
        <Notice tone="fail" live>
          {save.message}
        </Notice>
      ) : null}
    </div>
  );
}

/** Empty text is the same as none, so that an emptied field is missing again. */
const tidy = (submission: Submission): Submission =>
  Object.fromEntries(Object.entries(submission).filter(([, v]) => v !== undefined && v !== "")) as Submission;

function SectionField({
  n,
  section,
  value,
  onChange,
}: {
  n: number;
  section: (typeof sections)[number];
  value: string;
  onChange: (text: string) => void;
}) {
  const id = useId();
  return (
    <div className="rs" id={section.id satisfies SectionId}>
      <div className="sn">{n}</div>
      <div className="field">
        <label htmlFor={id}>{section.title}</label>
        <div className="hint" id={`${id}-hint`}>
          {section.prompt}
        </div>
        <TakesPictures onText={onChange}>
          <textarea
            id={id}
            className="inp record"
            rows={Math.min(14, Math.max(3, Math.ceil(value.length / 75)))}
            maxLength={20_000}
            aria-describedby={`${id}-hint`}
            value={value}
            onChange={(e) => onChange(e.target.value)}
          />
        </TakesPictures>
      </div>
    </div>
  );
}

function Choose({
  label,
  id,
  value,
  blank = "Choose",
  options,
  onChange,
}: {
  label: string;
  id: string;
  value: string;
  blank?: string;
  options: readonly { value: string; label: string }[];
  onChange: (value: string) => void;
}) {
  const control = useId();
  return (
    <div className="field" id={id}>
      <label htmlFor={control}>{label}</label>
      <select id={control} className="inp" value={value} onChange={(e) => onChange(e.target.value)}>
        <option value="">{blank}</option>
        {options.map((o) => (
          <option key={o.value} value={o.value}>
            {o.label}
          </option>
        ))}
      </select>
    </div>
  );
}

function YesNo({
  id,
  text,
  value,
  onChange,
}: {
  id: string;
  text: string;
  value: boolean | undefined;
  onChange: (value: boolean) => void;
}) {
  return (
    <fieldset className="yn" id={id}>
      <legend>{text}</legend>
      {([true, false] as const).map((v) => (
        <label key={String(v)}>
          <input type="radio" name={id} checked={value === v} onChange={() => onChange(v)} /> {v ? "Yes" : "No"}
        </label>
      ))}
    </fieldset>
  );
}
