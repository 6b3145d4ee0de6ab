"use client";
import { useEffect, useId, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { useUnsavedGuard } from "@/components/ui/unsaved-guard";

type Kept = { text: string; revision: number; by: string | null };
type Saved = { ok: true; revision: number } | { ok: false; message: string; conflict: boolean };

/**
 * Notes that save themselves a moment after the last key. Where someone else wrote meanwhile, both texts stand on the screen until
 * the writer chooses; nothing typed is lost.
 */
export function Notes({
  kept,
  save,
}: {
  kept: Kept;
  save: (input: { revision: number; notes: string }) => Promise<Saved>;
}) {
  const [text, setText] = useState(kept.text);
  const [state, setState] = useState<"saved" | "typed" | "saving" | "refused">("saved");
  const [why, setWhy] = useState("");
  const { touched, settled } = useUnsavedGuard(true);
  const basis = useRef(kept);
  const latest = useRef(kept.text);
  const id = useId();
  const theirs = kept.revision > basis.current.revision ? kept : null;

  // Someone else's words arrive: shown at once where nothing is typed here.
  useEffect(() => {
    if (kept.revision <= basis.current.revision || state !== "saved") return;
    basis.current = kept;
    latest.current = kept.text;
    setText(kept.text);
  }, [kept, state]);

  const send = async (notes: string, revision: number) => {
    setState("saving");
    let answer: Saved;
    try {
      answer = await save({ revision, notes });
    } catch {
      // The network failed; the text stays here and is tried again at the next key.
      answer = {
        ok: false,
        message: "Not saved: the portal does not answer. Your words are still here.",
        conflict: false,
      };
    }
    if (!answer.ok) {
      setWhy(answer.message);
      setState("refused");
      return;
    }
    basis.current = { text: notes, revision: answer.revision, by: null };
    if (latest.current !== notes) {
      setState("typed");
      return;
    }
    settled();
    setState("saved");
  };

  useEffect(() => {
    if (state !== "typed") return;
    const timer = setTimeout(() => void send(text, basis.current.revision), 900);
    return () => clearTimeout(timer);
  });

  return (
    <div className="field">
      <div className="row">
        <label htmlFor={id}>Notes</label>
        <span className="sp" />
        <span className="lbl" role="status">
          {state === "saving"
            ? "Saving"
            : state === "saved"
              ? text
                ? "Saved"
                : ""
              : state === "typed"
                ? "Typing"
                : ""}
        </span>
      </div>
      <textarea
        id={id}
        className="inp record"
        rows={6}
        maxLength={20_000}
        value={text}
        onChange={(e) => {
          touched();
          latest.current = e.target.value;
          setText(e.target.value);
          // While a save is under way it looks at the end whether more was typed.
          if (state !== "saving") setState("typed");
        }}
      />
      {state === "refused" ? (
        <Notice tone="fail" live>
          {why}
          {theirs ? (
            <>
              <blockquote className="said">{theirs.text}</blockquote>
              <div className="row w" style={{ marginTop: 8 }}>
                <Button onClick={() => void send(text, theirs.revision)}>Save mine instead</Button>
                <Button
                  onClick={() => {
                    const both = `${theirs.text}\n\n${text}`;
                    latest.current = both;
                    setText(both);
                    void send(both, theirs.revision);
                  }}
                >
                  Keep both
                </Button>
              </div>
            </>
          ) : (
            <div style={{ marginTop: 8 }}>
              <Button onClick={() => void send(text, basis.current.revision)}>Try again</Button>
            </div>
          )}
        </Notice>
      ) : null}
    </div>
  );
}
