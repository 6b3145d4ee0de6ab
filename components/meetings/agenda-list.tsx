"use client";
import { ArrowDown, ArrowUp, GripVertical, Trash2 } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState, useTransition } from "react";
import { IconButton } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";

export type Line = { id: string; name: string; minutes: number; body: ReactNode };
type Changed = { ok: true; revision: number } | { ok: false; message: string };

/**
 * The agenda, to be put in order: by dragging a line, or with its buttons and the arrow keys on its handle. What the server
 * refuses goes back to what stands there, with its reason.
 */
export function AgendaList({
  meeting,
  lines,
  editable,
  order,
  retime,
  takeOff,
}: {
  meeting: { ref: string; revision: number; startsAt: string; zone: string };
  lines: readonly Line[];
  editable: boolean;
  order: (input: { ref: string; revision: number; items: readonly string[] }) => Promise<Changed>;
  retime: (input: { ref: string; revision: number; item: string; minutes: number }) => Promise<Changed>;
  takeOff: (input: { ref: string; revision: number; item: string }) => Promise<Changed>;
}) {
  const [ids, setIds] = useState<readonly string[]>(() => lines.map((l) => l.id));
  const [said, setSaid] = useState<{ tone: "fail" | "pass"; text: string } | null>(null);
  const [dragged, setDragged] = useState<string | null>(null);
  const [pending, start] = useTransition();
  const list = useRef<HTMLOListElement>(null);
  // Clicks may come faster than answers: each goes out on the revision that the one before it made.
  const revision = useRef(meeting.revision);
  const queue = useRef<Promise<unknown>>(Promise.resolve());

  useEffect(() => {
    revision.current = Math.max(revision.current, meeting.revision);
    setIds(lines.map((l) => l.id));
  }, [meeting.revision, lines]);

  const send = (run: (revision: number) => Promise<Changed>, done: string) =>
    start(async () => {
      const mine = queue.current.then(() => run(revision.current));
      queue.current = mine.catch(() => undefined);
      const answer = await mine;
      if (answer.ok) revision.current = answer.revision;
      else setIds(lines.map((l) => l.id));
      setSaid(answer.ok ? { tone: "pass", text: done } : { tone: "fail", text: answer.message });
    });

  const known = ids.flatMap((id) => lines.find((l) => l.id === id) ?? []);
  const put = (next: readonly string[], what: string) => {
    setIds(next);
    send((r) => order({ ref: meeting.ref, revision: r, items: next }), what);
  };
  const move = (id: string, by: -1 | 1, focus: "up" | "down" | "grip") => {
    const at = ids.indexOf(id);
    const to = at + by;
    if (at < 0 || to < 0 || to >= ids.length) return;
    const next = ids.toSpliced(at, 1).toSpliced(to, 0, id);
    put(next, `${known[at]?.name ?? "It"} is number ${to + 1} of ${ids.length} now.`);
    // The line keeps the focus where it went; at an end its button is off, so the other one takes it.
    requestAnimationFrame(() => {
      const line = list.current?.querySelector(`[data-item="${id}"]`);
      const wanted = line?.querySelector<HTMLButtonElement>(`[data-move="${focus}"]:not([disabled])`);
      (wanted ?? line?.querySelector<HTMLButtonElement>("[data-move]:not([disabled])"))?.focus();
    });
  };
  const over = (id: string) => {
    if (!dragged || dragged === id) return;
    const without = ids.filter((x) => x !== dragged);
    const at = ids.indexOf(id);
    setIds(without.toSpliced(at, 0, dragged));
  };

  let clock = new Date(meeting.startsAt).getTime();
  return (
    <>
      <ol className="ag" ref={list} aria-busy={pending}>
        {known.map((line, i) => {
          const at = clock;
          clock += line.minutes * 60_000;
          return (
            <li
              key={line.id}
              data-item={line.id}
              className={dragged === line.id ? "dragged" : undefined}
              draggable={editable && dragged === line.id}
              onDragOver={(e) => {
                e.preventDefault();
                over(line.id);
              }}
              onDragEnd={() => {
                setDragged(null);
                if (ids.some((id, n) => id !== lines[n]?.id)) put(ids, `${line.name} was moved.`);
              }}
            >
              {editable ? (
                <button
                  type="button"
                  className="grip"
                  data-move="grip"
                  aria-label={`Move ${line.name}: drag, or use the arrow keys`}
                  onPointerDown={() => setDragged(line.id)}
                  onPointerUp={() => setDragged(null)}
                  onKeyDown={(e) => {
                    if (e.key !== "ArrowUp" && e.key !== "ArrowDown") return;
                    e.preventDefault();
                    move(line.id, e.key === "ArrowUp" ? -1 : 1, "grip");
                  }}
                >
                  <GripVertical className="i" aria-hidden="true" />
                </button>
              ) : null}
              <span className="at">{timeIn(at, meeting.zone)}</span>
              <div className="it">{line.body}</div>
              <span className="mn">
                {editable ? (
                  <label>
                    <span className="sr-only">Minutes for {line.name}</span>
                    <select
                      className="inp"
                      value={line.minutes}
                      onChange={(e) => {
                        const minutes = Number(e.target.value);
                        send(
                          (r) => retime({ ref: meeting.ref, revision: r, item: line.id, minutes }),
                          `${line.name} has ${minutes} minutes.`,
                        );
                      }}
                    >
                      {boxes(line.minutes).map((n) => (
                        <option key={n} value={n}>
                          {n} min
                        </option>
                      ))}
                    </select>
                  </label>
                ) : (
                  `${line.minutes} min`
                )}
              </span>
              {editable ? (
                <span className="mv">
                  <IconButton
                    label={`Move ${line.name} up`}
                    data-move="up"
                    disabled={i === 0}
                    onClick={() => move(line.id, -1, "up")}
                  >
                    <ArrowUp className="i" aria-hidden="true" />
                  </IconButton>
                  <IconButton
                    label={`Move ${line.name} down`}
                    data-move="down"
                    disabled={i === known.length - 1}
                    onClick={() => move(line.id, 1, "down")}
                  >
                    <ArrowDown className="i" aria-hidden="true" />
                  </IconButton>
                  <IconButton
                    label={`Take ${line.name} off the agenda`}
                    onClick={() =>
                      send(
                        (r) => takeOff({ ref: meeting.ref, revision: r, item: line.id }),
                        `${line.name} is off the agenda.`,
                      )
                    }
                  >
                    <Trash2 className="i" aria-hidden="true" />
                  </IconButton>
                </span>
              ) : null}
            </li>
          );
        })}
      </ol>
      <div role="status" className={said?.tone === "pass" ? "sr-only" : undefined}>
        {said ? said.tone === "pass" ? said.text : <Notice tone="fail">{said.text}</Notice> : null}
      </div>
    </>
  );
}

const steps = [5, 10, 15, 20, 25, 30, 40, 45, 60, 90, 120];
const boxes = (now: number): number[] => (steps.includes(now) ? steps : [...steps, now].sort((a, b) => a - b));

const timeIn = (ms: number, zone: string): string =>
  new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(ms);
