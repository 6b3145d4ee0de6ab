"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import { type DraftText, mergeDrafts } from "@/lib/reviews/merge";
import { sameValue } from "@/lib/reviews/submission";
import { forgetLocally, keepLocally, keptLocally } from "./keep";

export type Theirs = { revision: number; draft: DraftText; by: string; at: string };
export type Saved =
  | { ok: true; revision: number }
  | {
      ok: false;
      message: string;
      faults: readonly { field: string; message: string }[];
      /** What was saved elsewhere meanwhile. */
      theirs?: Theirs | undefined;
      /** It was saved as this revision, and then refused for another reason. */
      revision?: number | undefined;
    };
export type Sent = DraftText & { ref: string; revision: number };
export type SaveState = {
  now: "saved" | "typing" | "saving" | "away" | "refused";
  at: number | null;
  message: string | null;
};
export type Heard =
  | { what: "back"; at: string; both: string[] }
  | { what: "merged"; by: string; at: string; taken: string[]; both: string[] };

const pause = 1500;
const retry = 5000;
const away = "The portal does not answer. What you type is kept in this browser and saved as soon as it does.";

/**
 * A draft that saves itself a moment after the last key, one save at a time, each saying which revision it follows. What someone
 * else saved meanwhile is merged in field by field. Until the portal has confirmed it, what was typed is kept in this browser, and
 * is back on the next visit.
 */
export function useAutosave(
  start: { ref: string; revision: number; draft: DraftText },
  person: string,
  save: (sent: Sent) => Promise<Saved>,
) {
  const name = `${person}:${start.ref}`;
  const [draft, setDraft] = useState<DraftText>(start.draft);
  const [state, setState] = useState<SaveState>({ now: "saved", at: null, message: null });
  const [heard, setHeard] = useState<Heard | null>(null);
  const [keeps, setKeeps] = useState(true);
  /** What the portal holds, as far as this form knows. */
  const held = useRef({ draft: start.draft, revision: start.revision });
  const latest = useRef(start.draft);
  const busy = useRef(false);

  const change = useCallback(
    (next: (before: DraftText) => DraftText) => {
      latest.current = next(latest.current);
      setDraft(latest.current);
      setKeeps(
        keepLocally(name, {
          base: held.current.draft,
          draft: latest.current,
          revision: held.current.revision,
          at: new Date().toISOString(),
        }),
      );
      setState((s) => ({ ...s, now: "typing" }));
    },
    [name],
  );

  /** Sends what is typed by a way of saving; answers whether the portal has all of it. */
  const send = useCallback(
    async (by: (sent: Sent) => Promise<Saved>): Promise<boolean> => {
      if (busy.current) return false;
      busy.current = true;
      const sent = latest.current;
      setState((s) => ({ ...s, now: "saving" }));
      let said: Saved;
      try {
        said = await by({ ref: start.ref, revision: held.current.revision, ...sent });
      } catch {
        setState((s) => ({ ...s, now: "away", message: away }));
        return false;
      } finally {
        busy.current = false;
      }
      if (said.ok || said.revision !== undefined)
        held.current = { draft: sent, revision: said.revision ?? held.current.revision };
      if (!said.ok && said.theirs) {
        const { theirs } = said;
        const merged = mergeDrafts(held.current.draft, latest.current, theirs.draft, theirs.by);
        held.current = { draft: theirs.draft, revision: theirs.revision };
        setHeard({ what: "merged", by: theirs.by, at: theirs.at, taken: merged.taken, both: merged.both });
        change(() => merged.draft);
        return false;
      }
      const behind = latest.current !== sent;
      if (said.ok && !behind) forgetLocally(name);
      setState(
        said.ok
          ? { now: behind ? "typing" : "saved", at: Date.now(), message: null }
          : { now: "refused", at: said.revision === undefined ? null : Date.now(), message: said.message },
      );
      return said.ok && !behind;
    },
    [start.ref, name, change],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: each change of the text begins the pause anew
  useEffect(() => {
    if (state.now !== "typing" && state.now !== "away") return;
    const go = () => void send(save);
    const timer = setTimeout(go, state.now === "away" ? retry : pause);
    window.addEventListener("online", go);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("online", go);
    };
  }, [state, draft, send, save]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: what was kept is looked for once, when the form opens
  useEffect(() => {
    const kept = keptLocally(name);
    if (!kept) return;
    if (sameValue(kept.draft, start.draft)) return forgetLocally(name);
    const merged =
      kept.revision === start.revision
        ? { draft: kept.draft, both: [] }
        : mergeDrafts(kept.base, kept.draft, start.draft, "saved");
    setHeard({ what: "back", at: kept.at, both: merged.both });
    change(() => merged.draft);
  }, []);

  useEffect(() => {
    if (state.now === "saved" || (keeps && state.now !== "typing")) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [state.now, keeps]);

  return { draft, change, state, heard, keeps, send };
}
