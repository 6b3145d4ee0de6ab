import Link from "@/components/ui/link";
import { Provenance } from "@/components/ui/provenance";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import { factKey } from "@/lib/facts/catalogue";
import type { FactValue } from "@/lib/facts/fact";

export type FactLine = {
  id: string;
  key: string;
  value: FactValue;
  unit: string;
  meaning: string;
  maxAgeDays: number | null;
  stale: boolean;
  effectiveAt: Date;
  collectedAt: Date;
  recordedAt: Date;
  source: { kind: string; name: string; runRef: string | null };
  detail?: string | null;
};

const most = 160;

/** A fact's value in words; long ones are cut, the whole stands in the provenance. */
export function sayValue(value: FactValue): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string") return value === "" ? "empty" : value;
  if (typeof value === "number") return String(value);
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.join(", ");
  const entries = Object.entries(value);
  return entries.length === 0 ? "none" : entries.map(([k, v]) => `${k} ${String(v)}`).join(", ");
}

const cut = (text: string): string => (text.length <= most ? text : `${text.slice(0, most - 1)}…`);

/** What the catalogue says a fact means; a key it does not know is spelled out: `run.started_at` as "Run started at". */
const titled = ({ key, meaning }: FactLine): string => {
  if (meaning) return meaning.replace(/\.$/, "");
  const words = key.replaceAll(/[._]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** 1,234.5 milliseconds. */
export const sayNumber = (value: number, unit: string): string => {
  const shown = value.toLocaleString("en", { maximumFractionDigits: 6 });
  if (!unit) return shown;
  return `${shown} ${value === 1 || unit === "EUR" ? unit : `${unit}s`}`;
};

function Value({ fact }: { fact: FactLine }) {
  const { key, value, unit } = fact;
  if (typeof value === "string" && factKey(key)?.type === "instant") return <When at={value} show="datetime" />;
  if (typeof value === "number") return <span>{sayNumber(value, unit)}</span>;
  const mono = /digest$|digests$|commit|environment|ml_bom|[._]uri$|run\.id/.test(key);
  return <span className={mono ? "mono wrap" : "wrap"}>{cut(sayValue(value))}</span>;
}

/** Families of facts (the first part of the key) in the order they are asked about, and what each is called. */
const families: Readonly<Record<string, string>> = {
  slo: "Service levels",
  monitoring: "Monitoring",
  drift: "Drift",
  eval: "Evaluation",
  alerts: "Alerts",
  oncall: "On call",
  release: "Rollout and rollback",
  deployment: "Deployment",
  security: "Security",
  data: "Data",
  artifact: "Artefact",
  run: "Training run",
  registry: "Registry",
  repro: "Reproducibility",
  vendor: "Vendor",
  agent: "Agent",
  cost: "Cost",
};

type Group = { family: string; name: string; facts: FactLine[] };

function grouped(facts: readonly FactLine[]): Group[] {
  const groups = new Map<string, Group>(
    Object.entries(families).map(([family, name]) => [family, { family, name, facts: [] }]),
  );
  for (const fact of facts) {
    const family = fact.key.split(".")[0] ?? fact.key;
    const group = groups.get(family) ?? { family, name: family.charAt(0).toUpperCase() + family.slice(1), facts: [] };
    group.facts.push(fact);
    groups.set(family, group);
  }
  return [...groups.values()].filter((g) => g.facts.length > 0);
}

const dozen = 12;

/** Facts under what they are about. Whole groups up to about a dozen facts are open, the rest opens on request. */
export function FactGroups({ facts, now }: { facts: readonly FactLine[]; now: Date }) {
  const groups = grouped(facts);
  const open: Group[] = [];
  let shown = 0;
  for (const group of groups) {
    if (shown > 0 && shown + group.facts.length > dozen) break;
    open.push(group);
    shown += group.facts.length;
  }
  const rest = groups.slice(open.length);
  const show = (group: Group) => (
    <div key={group.family} className="fg">
      <h3>{group.name}</h3>
      <FactTable facts={group.facts} now={now} label={group.name} />
    </div>
  );
  return (
    <>
      {open.map(show)}
      {rest.length > 0 ? (
        <details className="more-facts">
          <summary>Show all {facts.length} facts</summary>
          {rest.map(show)}
        </details>
      ) : null}
    </>
  );
}

/** Facts in force, each with where it came from and when it was last seen. A stale one counts as unknown and says so. */
export function FactTable({
  facts,
  now,
  label = "Facts",
  history,
}: {
  facts: readonly FactLine[];
  now: Date;
  label?: string;
  /** Address of the page that shows what each fact was before. */
  history?: string;
}) {
  const title = (f: FactLine) =>
    history ? <Link href={`${history}?key=${encodeURIComponent(f.key)}#history`}>{titled(f)}</Link> : titled(f);
  return (
    <Table
      label={label}
      columns={[
        { id: "key", name: "Fact", width: "42%" },
        { id: "value", name: "Value" },
        { id: "source", name: "Source", width: "18%" },
        { id: "seen", name: "Last seen", width: 120 },
      ]}
      rows={facts.map((f) => ({
        id: f.id,
        card: (
          <>
            <div className="ink2">{title(f)}</div>
            <div style={{ overflowWrap: "anywhere" }}>
              <Value fact={f} />
            </div>
            <div className="mut">
              {f.source.name}, <When at={f.collectedAt} show="relative" />
              {f.stale ? ", too old to count" : ""}
            </div>
          </>
        ),
        cells: {
          key: <span className="ink2">{title(f)}</span>,
          value: <Value fact={f} />,
          source: (
            <Provenance
              title={f.stale ? "Why this is unknown" : f.meaning}
              items={[
                { key: "Key", value: <span className="mono">{f.key}</span> },
                { key: "Source", value: `${f.source.name} (${f.source.kind})` },
                ...(f.detail ? [{ key: "How", value: <span className="mono wrap">{cut(f.detail)}</span> }] : []),
                ...(f.source.runRef
                  ? [{ key: "Run", value: <span className="mono wrap">{f.source.runRef}</span> }]
                  : []),
                { key: "Value", value: <span className="wrap">{cut(sayValue(f.value))}</span> },
                { key: "True since", value: <When at={f.effectiveAt} show="datetime" /> },
                { key: "Read", value: <When at={f.collectedAt} show="datetime" /> },
                { key: "Recorded", value: <When at={f.recordedAt} show="datetime" /> },
                { key: "Kept", value: f.maxAgeDays === null ? "does not age" : `${f.maxAgeDays} days from reading` },
              ]}
            >
              {f.source.name}
            </Provenance>
          ),
          seen: f.stale ? (
            <Status
              state="unknown"
              word={`${Math.floor((now.getTime() - f.collectedAt.getTime()) / 86_400_000)} days old`}
            />
          ) : (
            <When at={f.collectedAt} show="relative" />
          ),
        },
      }))}
    />
  );
}
