"use client";
import { useRouter } from "next/navigation";
import { useEffect, useId, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { useUnsavedGuard } from "@/components/ui/unsaved-guard";

type Words = { summary: string; texts: Readonly<Record<string, string>> };
type Saved = { ok: true; revision: number } | { ok: false; message: string };

/** The chair's words: a summary, and a text for each item. Saved by a button; what is refused stays as it was typed. */
export function MinutesForm({
  kept,
  save,
}: {
  kept: { revision: number; summary: string; items: readonly { id: string; title: string; text: string }[] };
  save: (input: Words & { revision: number }) => Promise<Saved>;
}) {
  const [words, setWords] = useState<Words>(() => ({
    summary: kept.summary,
    texts: Object.fromEntries(kept.items.map((i) => [i.id, i.text])),
  }));
  const [said, setSaid] = useState<{ tone: "pass" | "fail"; text: string } | null>(null);
  const [pending, setPending] = useState(false);
  const { touched, settled } = useUnsavedGuard(true);
  const revision = useRef(kept.revision);
  const router = useRouter();
  const id = useId();
  useEffect(() => {
    revision.current = Math.max(revision.current, kept.revision);
  }, [kept.revision]);

  const change = (next: Words) => {
    touched();
    setSaid(null);
    setWords(next);
  };
  const send = async () => {
    setPending(true);
    let answer: Saved;
    try {
      answer = await save({ revision: revision.current, ...words });
    } catch {
      // The network failed; the words stay here.
      answer = { ok: false, message: "Not saved: the portal does not answer. Your words are still here." };
    }
    setPending(false);
    if (answer.ok) {
      revision.current = answer.revision;
      settled();
      setSaid({ tone: "pass", text: "Saved." });
      router.refresh();
    } else setSaid({ tone: "fail", text: answer.message });
  };
  return (
    <div style={{ maxWidth: 720, marginTop: 16 }}>
      <div className="field">
        <label htmlFor={`${id}-s`}>Summary</label>
        <textarea
          id={`${id}-s`}
          className="inp record"
          rows={3}
          maxLength={20_000}
          value={words.summary}
          onChange={(e) => change({ ...words, summary: e.target.value })}
        />
      </div>
      {kept.items.map((item, i) => (
        <div className="field" key={item.id}>
          <label htmlFor={`${id}-${item.id}`}>
            {i + 1}. {item.title}
          </label>
          <textarea
            id={`${id}-${item.id}`}
            className="inp record"
            rows={4}
            maxLength={20_000}
            value={words.texts[item.id] ?? ""}
            onChange={(e) => change({ ...words, texts: { ...words.texts, [item.id]: e.target.value } })}
          />
        </div>
      ))}
      <div className="form-foot">
        <Button onClick={() => void send()} disabled={pending}>
          {pending ? "Saving" : "Save the draft"}
        </Button>
      </div>
      {said && !pending ? (
        <div style={{ marginTop: 12 }}>
          <Notice tone={said.tone} live>
            {said.text}
          </Notice>
        </div>
      ) : null}
    </div>
  );
}
