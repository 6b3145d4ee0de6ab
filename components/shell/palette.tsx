"use client";
import { Command } from "cmdk";
import { useRouter } from "next/navigation";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { z } from "zod/mini";
import { type Hit, hitKindName } from "@/lib/search/search";
import { hitIcon } from "./hit-icon";

const Answer = z.object({
  hits: z.array(
    z.object({
      kind: z.enum(["model", "adr", "review", "release", "condition", "person", "pattern", "version", "entry", "page"]),
      ref: z.string(),
      title: z.string(),
      detail: z.string(),
      href: z.string(),
    }),
  ),
});

type State = { q: string; hits: readonly Hit[]; failed: boolean };

/** Search over everything, by keyboard throughout: arrows, Enter, Esc. */
export function Palette({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const router = useRouter();
  const [q, setQ] = useState("");
  const [state, setState] = useState<State>({ q: "", hits: [], failed: false });
  const [chosen, setChosen] = useState("");
  /** Enter was pressed before the answer came: its first hit is opened when it does. */
  const hurried = useRef(false);

  const go = (href: string) => {
    onOpenChange(false);
    setQ("");
    router.push(href);
  };
  const opens = useEffectEvent(go);

  useEffect(() => {
    hurried.current = false;
    if (!open) return;
    const stop = new AbortController();
    const timer = setTimeout(
      () => {
        find(q, stop.signal).then(
          (hits) => {
            setState({ q, hits, failed: false });
            // Hits arrive after the list was drawn: the list would keep a choice that is no longer in it.
            setChosen(hits[0] ? keyOf(hits[0]) : "");
            if (hurried.current && hits[0]) opens(hits[0].href);
          },
          () => {
            if (!stop.signal.aborted) setState({ q, hits: [], failed: true });
          },
        );
      },
      q === "" ? 0 : 90,
    );
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [q, open]);

  const waiting = state.q !== q;
  const kinds = [...new Set(state.hits.map((h) => h.kind))];
  return (
    <Command.Dialog
      open={open}
      onOpenChange={onOpenChange}
      shouldFilter={false}
      value={chosen}
      onValueChange={setChosen}
      onKeyDown={(e) => {
        // While an answer is awaited the list holds what was found for other words: Enter must not open that.
        if (e.key !== "Enter" || !waiting) return;
        e.preventDefault();
        hurried.current = true;
      }}
      loop
      label="Find anything"
      overlayClassName="scrim"
      contentClassName="dialog palette"
    >
      <Command.Input
        value={q}
        onValueChange={setQ}
        maxLength={200}
        placeholder="Name, reference, words, person, digest or log index"
      />
      {state.failed ? (
        <p className="pal-note fail" role="alert">
          Search did not answer. Type on to try again.
        </p>
      ) : null}
      {state.hits.length === 0 && !state.failed ? (
        <p className="pal-note" role="status">
          {waiting ? "Looking" : `Nothing is called “${q}”. Try fewer letters, or tier:1, stage:live.`}
        </p>
      ) : null}
      {/* An empty list box is no list box. */}
      <Command.List aria-busy={waiting} hidden={state.hits.length === 0}>
        {kinds.map((kind) => (
          <Command.Group key={kind} heading={hitKindName[kind]}>
            {state.hits
              .filter((h) => h.kind === kind)
              .map((hit) => {
                const Icon = hitIcon[hit.kind];
                return (
                  <Command.Item key={hit.href} value={keyOf(hit)} onSelect={() => go(hit.href)}>
                    <Icon className="i" aria-hidden="true" />
                    <span className={hit.kind === "version" ? "mono" : "trunc"}>{hit.title}</span>
                    {showsRef(hit) ? <span className="mono mut nw">{hit.ref}</span> : null}
                    <span className="sp" />
                    <span className="lbl trunc">{hit.detail}</span>
                  </Command.Item>
                );
              })}
          </Command.Group>
        ))}
      </Command.List>
      <p className="pal-foot no-m">
        <kbd>↑</kbd> <kbd>↓</kbd> choose <kbd>Enter</kbd> open <kbd>Esc</kbd> close
      </p>
    </Command.Dialog>
  );
}

const keyOf = (hit: Hit) => `${hit.kind} ${hit.ref}`;

const showsRef = (hit: Hit) => hit.kind === "adr" || hit.kind === "review" || hit.kind === "release";

async function find(q: string, signal: AbortSignal): Promise<Hit[]> {
  const response = await fetch(`/search?q=${encodeURIComponent(q)}`, { signal });
  if (!response.ok) throw new Error(`search answered ${response.status}`);
  return z.parse(Answer, await response.json()).hits;
}
