import { sayNumber, sayValue } from "@/components/models/facts";
import { Hatched } from "@/components/ui/hatched";
import Link from "@/components/ui/link";
import { Section } from "@/components/ui/page";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import type { FactValue } from "@/lib/facts/fact";
import { FactChart } from "./fact-chart";

type Item = {
  id: string;
  value: FactValue;
  effectiveAt: Date;
  confirmedAt: Date | null;
  collectedAt: Date;
  recordedAt: Date;
  state: "current" | "late" | "superseded";
  source: { kind: string; id: string; name: string; runRef: string | null };
  detail: string | null;
};

const dayMs = 86_400_000;

/** Every value that a fact had: a chart where it is a number or yes and no, how long it counts, and each value with its provenance. */
export function FactHistory({
  fact,
  now,
  more,
}: {
  fact: { key: string; type: string; unit: string; meaning: string; maxAgeDays: number | null; items: readonly Item[] };
  now: Date;
  /** Address of older values; null: these are all. */
  more: string | null;
}) {
  const { key, type, unit, meaning, maxAgeDays, items } = fact;
  const current = items.filter((i) => i.state === "current");
  const sources = [...new Map(items.map((i) => [i.source.id, i.source.name]))];
  const numberOf = (v: FactValue) => (typeof v === "number" ? v : typeof v === "boolean" ? Number(v) : null);
  const say = (v: number) => (type === "boolean" ? (v === 1 ? "yes" : v === 0 ? "no" : "") : sayNumber(v, ""));
  return (
    <Section
      id="history"
      title={meaning.replace(/\.$/, "")}
      note={<span className="mono">{`${key}${unit ? `, in ${unit === "EUR" ? unit : `${unit}s`}` : ""}`}</span>}
    >
      {current.map((c) => (
        <Budget key={c.id} item={c} maxAgeDays={maxAgeDays} now={now} />
      ))}
      {type === "number" || type === "boolean"
        ? sources.map(([id, name]) => {
            const own = items.filter((i) => i.source.id === id);
            const last = own.find((i) => i.state === "current");
            const until =
              last && maxAgeDays !== null ? new Date(last.collectedAt.getTime() + maxAgeDays * dayMs) : null;
            return (
              <figure key={id} style={{ margin: "12px 0" }}>
                <figcaption className="lbl">{name}</figcaption>
                <FactChart
                  points={own.flatMap((i) => {
                    const value = numberOf(i.value);
                    return value === null ? [] : [{ at: i.effectiveAt, until: i.confirmedAt ?? i.collectedAt, value }];
                  })}
                  unknownFrom={until && until < now ? until : null}
                  now={now}
                  label={`${meaning.replace(/\.$/, "")}, ${name}`}
                  say={say}
                />
              </figure>
            );
          })
        : null}
      <Table
        label="History"
        columns={[
          { id: "value", name: "Value" },
          { id: "true", name: "True since" },
          { id: "read", name: "Read last" },
          { id: "source", name: "Source" },
          { id: "how", name: "How it was read" },
          { id: "state", name: "State" },
        ]}
        empty={<Hatched>Nobody has reported this yet</Hatched>}
        rows={items.map((i) => ({
          id: i.id,
          card: (
            <>
              <div style={{ overflowWrap: "anywhere" }}>
                <Shown item={i} unit={unit} />
              </div>
              <div className="mut">
                {i.source.name}, true since <When at={i.effectiveAt} show="datetime" />
              </div>
              <State state={i.state} />
            </>
          ),
          cells: {
            value: <Shown item={i} unit={unit} />,
            true: <When at={i.effectiveAt} show="datetime" />,
            read: <When at={i.collectedAt} show="datetime" />,
            source: (
              <>
                {i.source.name}
                {i.source.runRef ? <span className="mut mono wrap"> {i.source.runRef}</span> : null}
              </>
            ),
            how: i.detail ? <span className="mono wrap">{i.detail}</span> : <span className="mut">not said</span>,
            state: <State state={i.state} />,
          },
        }))}
      />
      {more ? (
        <p>
          <Link href={more}>Older values</Link>
        </p>
      ) : null}
    </Section>
  );
}

function Shown({ item, unit }: { item: Item; unit: string }) {
  return (
    <span className="wrap">{typeof item.value === "number" ? sayNumber(item.value, unit) : sayValue(item.value)}</span>
  );
}

function State({ state }: { state: Item["state"] }) {
  if (state === "current") return <Status state="pass" word="In force" />;
  return state === "late" ? <Status state="draft" word="Came late" /> : <Status state="retired" word="Replaced" />;
}

/** How long the value in force still counts. */
function Budget({ item, maxAgeDays, now }: { item: Item; maxAgeDays: number | null; now: Date }) {
  if (maxAgeDays === null)
    return (
      <p className="ink2">
        {item.source.name} read it <When at={item.collectedAt} show="relative" />; it does not age.
      </p>
    );
  const until = new Date(item.collectedAt.getTime() + maxAgeDays * dayMs);
  const allowed = `${maxAgeDays} ${maxAgeDays === 1 ? "day" : "days"}`;
  return (
    <p className="ink2">
      {item.source.name} read it <When at={item.collectedAt} show="relative" />.{" "}
      {until < now ? (
        <>
          <Status state="unknown" word="Too old to count" /> It counted for {allowed}, until{" "}
          <When at={until} show="datetime" />. Have the source read again.
        </>
      ) : (
        <>
          It counts for {allowed} from reading, until <When at={until} show="datetime" />.
        </>
      )}
    </p>
  );
}
