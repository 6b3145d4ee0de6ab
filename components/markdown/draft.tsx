"use client";
import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { useActionForm } from "@/components/ui/form-context";
import { Notice } from "@/components/ui/notice";
import { When } from "@/components/ui/when";

/** Text that was typed and not saved, kept in this browser for its person. `sent`: on its way to the portal. */
type Draft = { text: string; at: string; sent: boolean };
const prefix = "countersign:draft:";

/**
 * Keeps what is typed half a second after the last key, offers it again on the next visit, and says so. Inside an ActionForm: while
 * the form is sent the draft is marked, and the page that saving leads to forgets it (ForgetSentDrafts).
 */
export function KeepDraft({
  name,
  initial,
  text,
  onRestore,
}: {
  name: string;
  initial: string;
  text: string;
  onRestore: (text: string) => void;
}) {
  const { pending, values } = useActionForm();
  const [restored, setRestored] = useState<Draft | null>(null);
  const [unkept, setUnkept] = useState(false);
  const restore = useRef(onRestore);
  restore.current = onRestore;

  useEffect(() => {
    const draft = readDraft(name);
    if (!draft || draft.text === initial) return;
    setRestored(draft);
    restore.current(draft.text);
  }, [name, initial]);

  useEffect(() => {
    // What is on its way is marked below; a timer that is still running would take the mark away.
    if (text === initial || pending) return;
    const timer = setTimeout(
      () => setUnkept(!writeDraft(name, { text, at: new Date().toISOString(), sent: false })),
      500,
    );
    return () => clearTimeout(timer);
  }, [name, text, initial, pending]);

  const refused = values.content !== undefined;
  useEffect(() => {
    if (text === initial) return;
    if (pending) writeDraft(name, { text, at: new Date().toISOString(), sent: true });
    else if (refused) writeDraft(name, { text, at: new Date().toISOString(), sent: false });
  }, [pending, refused, name, text, initial]);

  if (unkept) return <p className="lbl">This browser keeps no drafts: save before you leave.</p>;
  if (!restored) return null;
  return (
    <Notice tone="care">
      The draft that you left here <When at={restored.at} /> is back. It is not saved yet.{" "}
      <Button
        onClick={() => {
          forget(prefix + name);
          setRestored(null);
          onRestore(initial);
        }}
      >
        Discard the draft
      </Button>
    </Notice>
  );
}

/** On the page of a saved record: what was sent is saved, so its draft goes. */
export function ForgetSentDrafts() {
  useEffect(() => {
    for (const key of keys()) if (readDraft(key.slice(prefix.length))?.sent) forget(key);
  }, []);
  return null;
}

function keys(): string[] {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  } catch {
    // A browser that refuses storage keeps no drafts either.
    return [];
  }
}

function forget(key: string): void {
  try {
    localStorage.removeItem(key);
  } catch {
    // A browser that refuses storage keeps no drafts either.
  }
}

function writeDraft(name: string, draft: Draft): boolean {
  try {
    localStorage.setItem(prefix + name, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

function readDraft(name: string): Draft | null {
  try {
    const draft: unknown = JSON.parse(localStorage.getItem(prefix + name) ?? "null");
    if (typeof draft !== "object" || draft === null || !("text" in draft) || !("at" in draft)) return null;
    if (typeof draft.text !== "string" || typeof draft.at !== "string") return null;
    return { text: draft.text, at: draft.at, sent: "sent" in draft && draft.sent === true };
  } catch {
    return null;
  }
}
