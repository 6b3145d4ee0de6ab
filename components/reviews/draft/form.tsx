"use client";
import { useRouter } from "next/navigation";
import { useCallback, useId, useState, useTransition } from "react";
import { Notice } from "@/components/ui/notice";
import { When } from "@/components/ui/when";
import { type Fill, take, typed } from "@/lib/reviews/fill";
import type { DraftText } from "@/lib/reviews/merge";
import { type Overlap, overlapLack } from "@/lib/reviews/overlap-rules";
import { lists, sections } from "@/lib/reviews/sections";
import {
  changeTypeName,
  changeTypes,
  type FilledId,
  type Lack,
  mostPart,
  mostText,
  progress,
  questions,
  type Submission,
} from "@/lib/reviews/submission";
import { Attachments } from "./attachments";
import { type Heard, type Saved, type Sent, useAutosave } from "./autosave";
import { Choose, FilledFrom, TextLine, YesNo } from "./fields";
import { Further, type Option } from "./further";
import { ListField } from "./list";
import { Overlaps } from "./overlaps";
import { SaveBar } from "./savebar";

/** Empty text is the same as none, so that an emptied field is missing again. */
const tidy = (submission: Submission): Submission =>
  Object.fromEntries(Object.entries(submission).filter(([, v]) => v !== undefined && v !== "")) as Submission;

/** The submission as its author writes it: saved while one types, submitted when nothing is missing. */
export function DraftForm({
  start,
  person,
  tier,
  adrs,
  patterns,
  findModels,
  overlaps: overlapsFirst,
  findOverlap,
  fills,
  autosave,
  submit,
  again,
  asked: advised,
  unused,
}: {
  start: { ref: string; revision: number; draft: DraftText };
  /** Who writes: what this browser keeps is theirs alone. */
  person: string;
  tier: number | null;
  /** Records that can be linked. */
  adrs: readonly { ref: string; title: string }[];
  /** Reference architectures in force. */
  patterns: readonly Option[];
  /** Models that the writer can bring before the board, by a part of their names. */
  findModels: (text: string) => Promise<readonly Option[]>;
  /** What overlaps with the draft as it was saved, and how to ask again while it changes. */
  overlaps: Overlap[];
  findOverlap: (ref: string, about: { system: string; further: readonly string[] }) => Promise<Overlap[]>;
  /** What the portal knows of the fields. */
  fills: readonly Fill[];
  autosave: (sent: Sent) => Promise<Saved>;
  submit: (sent: Sent) => Promise<Saved>;
  /** The board has seen an earlier round. */
  again: boolean;
  /** How often advice was asked, and what is still to be said of it. */
  asked: number;
  unused: readonly Lack[];
}) {
  const { draft, change, state, heard, keeps, send } = useAutosave(start, person, autosave);
  const [pending, begin] = useTransition();
  const router = useRouter();
  const id = useId();
  const [overlaps, setOverlaps] = useState(overlapsFirst);
  const find = useCallback(
    (about: { system: string; further: readonly string[] }) => findOverlap(start.ref, about),
    [findOverlap, start.ref],
  );
  const { submission } = draft;
  const edit = (next: (before: Submission) => Submission) =>
    change((d) => ({ ...d, submission: tidy(next(d.submission)) }));
  const put = (set: Partial<Submission>) => edit((s) => ({ ...s, ...set }));
  const type = (field: FilledId) => (text: string) => edit((s) => typed(s, field, text));
  const source = (field: FilledId, label: string) => (
    <FilledFrom
      fill={fills.find((f) => f.field === field)}
      submission={submission}
      label={label}
      onTake={(fill) => edit((s) => take(s, fill))}
    />
  );
  const text = (section: (typeof sections)[number]) => (
    <TextLine
      id={section.id}
      label={section.prose ? null : "In words"}
      name={section.prose ? section.title : `${section.title}: in words`}
      hint={section.prompt}
      value={submission[section.id] ?? ""}
      most={mostText}
      rows={section.prose ? 3 : 2}
      record
      onChange={type(section.id)}
      after={source(section.id, section.title)}
    />
  );
  const { given, of, lacks } = progress(submission, tier, advised);
  const titled = draft.title.trim().length >= 3;
  const rest = [...lacks, ...overlapLack(overlaps, submission), ...unused];
  const all = titled ? rest : [{ field: "title", message: "Give it a title of at least three characters." }, ...rest];
  const asked = sections.filter((s) => tier !== 4 || s.brief || submission[s.id]);

  return (
    <div className="draft">
      {heard ? <What heard={heard} /> : null}
      <TextLine
        id="title"
        label="Title"
        value={draft.title}
        most={200}
        onChange={(title) => change((d) => ({ ...d, title }))}
      />
      <div className="two">
        <Choose
          label="Kind of change"
          id="changeType"
          value={submission.changeType ?? ""}
          options={changeTypes.map((c) => ({ value: c, label: changeTypeName[c] }))}
          onChange={(v) => put({ changeType: changeTypes.find((c) => c === v) })}
        />
        <div className="field" id="targetDate">
          <label htmlFor={`${id}-target`}>Wanted by</label>
          <input
            id={`${id}-target`}
            className="inp"
            type="date"
            value={submission.targetDate ?? ""}
            onChange={(e) => put({ targetDate: e.target.value || undefined })}
          />
        </div>
        <TextLine
          id="system"
          label="System"
          value={submission.system ?? ""}
          most={200}
          onChange={type("system")}
          after={source("system", "System")}
        />
        <TextLine
          id="sponsor"
          label="Sponsor"
          value={submission.sponsor ?? ""}
          most={200}
          onChange={type("sponsor")}
          after={source("sponsor", "Sponsor")}
        />
        <Choose
          label="Decision record"
          id="adr"
          value={draft.adr ?? ""}
          blank="None"
          options={adrs.map((a) => ({ value: a.ref, label: `${a.ref} ${a.title}` }))}
          onChange={(v) => change((d) => ({ ...d, adr: v || null }))}
        />
      </div>
      <div className="two">
        <Further
          id="models"
          label="Further models"
          what="a model"
          hint="The decision will speak of all of them; the strictest tier chooses the lane."
          chosen={submission.models ?? []}
          options={[]}
          find={findModels}
          onChange={(models) => put({ models: models.length > 0 ? models : undefined })}
        />
        <Further
          id="patterns"
          label="Further reference architectures"
          what="a reference architecture"
          hint="Beside those that the models have adopted."
          chosen={submission.patterns ?? []}
          options={patterns}
          onChange={(next) => put({ patterns: next.length > 0 ? next : undefined })}
        />
      </div>
      <Overlaps
        items={overlaps}
        about={{ system: submission.system ?? "", further: submission.models ?? [] }}
        find={find}
        onFound={setOverlaps}
        apart={submission.apart ?? ""}
        onApart={(apart) => put({ apart })}
      />
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
        <TextLine
          id="emergencyReason"
          label="Incident or duty"
          value={submission.emergencyReason ?? ""}
          most={2000}
          onChange={(text) => put({ emergencyReason: text })}
        />
      ) : null}
      <h2>What the board reads</h2>
      {asked.map((section, i) => (
        <section className="rs" id={`s-${section.id}`} key={section.id} aria-labelledby={`h-${section.id}`}>
          <div className="sn">{i + 1}</div>
          <div>
            <h3 id={`h-${section.id}`}>{section.title}</h3>
            {section.prose ? text(section) : null}
            {section.parts.length > 0 ? (
              <div className="parts">
                {section.parts.map((part) => (
                  <TextLine
                    key={part.id}
                    id={part.id}
                    label={part.title}
                    hint={part.prompt}
                    value={submission[part.id] ?? ""}
                    most={mostPart}
                    rows={1}
                    onChange={type(part.id)}
                    after={source(part.id, part.title)}
                  />
                ))}
              </div>
            ) : null}
            {lists
              .filter((list) => list.section === section.id)
              .map((list) => (
                <ListField
                  key={list.id}
                  list={list}
                  rows={submission[list.id] ?? []}
                  onChange={(rows) => put({ [list.id]: rows })}
                />
              ))}
            {section.prose ? null : text(section)}
          </div>
        </section>
      ))}
      <Attachments
        files={submission.attachments ?? []}
        onChange={(next) => edit((s) => ({ ...s, attachments: next(s.attachments ?? []) }))}
      />
      <SaveBar
        state={state}
        keeps={keeps}
        given={given}
        of={of}
        lacks={all}
        pending={pending}
        again={again}
        onSubmit={() =>
          begin(async () => {
            if (await send(submit)) router.refresh();
          })
        }
      />
    </div>
  );
}

/** What happened to the draft apart from this form. */
function What({ heard }: { heard: Heard }) {
  const both =
    heard.both.length > 0
      ? ` ${heard.both.join(", ")}: changed on both sides. Texts hold both versions between marks, single lines hold yours.`
      : "";
  return (
    <Notice tone="care" live>
      {heard.what === "back" ? (
        <>
          What you typed here <When at={heard.at} />, and the portal had not confirmed, is back.{both}
        </>
      ) : (
        <>
          {heard.by} saved this draft <When at={heard.at} />, and both stand now.
          {heard.taken.length > 0 ? ` Taken from there: ${heard.taken.join(", ")}.` : ""}
          {both}
        </>
      )}
    </Notice>
  );
}
