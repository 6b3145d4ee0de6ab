import { Provenance } from "@/components/ui/provenance";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { When } from "@/components/ui/when";
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

/** `run.started_at` as "Run started at": the first part keeps two statuses apart. */
const titled = (key: string): string => {
  const words = key.replaceAll(/[._]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** Facts in force, each with where it came from and when it was last seen. A stale one counts as unknown and says so. */
export function FactTable({ facts, now }: { facts: readonly FactLine[]; now: Date }) {
  return (
    <Table
      label="Facts"
      columns={[
        { id: "key", name: "Fact", width: "20%" },
        { id: "value", name: "Value" },
        { id: "source", name: "Source", width: "18%" },
        { id: "seen", name: "Last seen", width: 120 },
      ]}
      rows={facts.map((f) => ({
        id: f.id,
        card: (
          <>
            <div className="ink2">{titled(f.key)}</div>
            <div style={{ overflowWrap: "anywhere" }}>{cut(sayValue(f.value))}</div>
            <div className="mut">
              {f.source.name}, <When at={f.collectedAt} show="relative" />
              {f.stale ? ", too old to count" : ""}
            </div>
          </>
        ),
        cells: {
          key: (
            <span className="ink2" title={f.meaning}>
              {titled(f.key)}
            </span>
          ),
          value: (
            <span className={/digest$|digests$|commit|environment|uri|run\.id/.test(f.key) ? "mono wrap" : "wrap"}>
              {cut(sayValue(f.value))}
              {f.unit && typeof f.value === "number" ? ` ${f.unit}` : ""}
            </span>
          ),
          source: (
            <Provenance
              title={f.stale ? "Why this is unknown" : f.meaning}
              items={[
                { key: "Key", value: <span className="mono">{f.key}</span> },
                { key: "Source", value: `${f.source.name} (${f.source.kind})` },
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
