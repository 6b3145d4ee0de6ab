import Link from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import type { DryRunShown } from "@/lib/releases/dry-run-state";
import { listed } from "@/lib/releases/words";

const changes = {
  opens: { state: "allow", word: "Would be allowed" },
  closes: { state: "deny", word: "Would be denied" },
  reasons: { state: "partly", word: "Other reasons" },
  cannot_tell: { state: "cannot_tell", word: "Cannot tell" },
} as const;
type Release = DryRunShown["releases"][number];
const order = ["closes", "opens", "reasons", "cannot_tell"] as const;
const mostShown = 100;

/** What a dry run found: each release whose answer would change or cannot be known, with the reasons before and after. */
export function DryRunResult({ result }: { result: DryRunShown }) {
  const { tried, changes: n, cases, stuck } = result;
  const broken = cases.filter((c) => !c.holds);
  const shown = order.flatMap((change) =>
    result.releases.flatMap((r) => (r.change === change ? [{ release: r, look: changes[change] }] : [])),
  );
  return (
    <div style={{ marginTop: 16 }}>
      <p role="status">
        Tried on {tried.open} open and {tried.closed} closed releases
        {tried.moreOpen ? " (there are more open ones)" : ""}: {n.closes} would be denied, {n.opens} would be allowed,{" "}
        {n.reasons} would have other reasons, {n.same} stay as they are, and of {n.cannotTell} nobody can tell. Open
        requests would have to be brought up to date and signed again; here they count as if they had been.
      </p>
      {broken.length > 0 ? (
        <Notice tone="care">
          {broken.length} of {cases.length} cases of the policy do not hold:{" "}
          {listed(broken.slice(0, 3).map((c) => `“${c.name}” (${[c.decision, ...c.codes].join(" ")})`))}
          {broken.length > 3 ? ` and ${broken.length - 3} more` : ""}.
        </Notice>
      ) : null}
      {stuck.length > 0 ? (
        <Notice tone="care">
          Nobody could pass it where models serve:{" "}
          {listed(stuck.slice(0, 3).map((s) => `${s.unit}, tier ${listed(s.tiers.map(String))}`))}
          {stuck.length > 3 ? ` and ${stuck.length - 3} more` : ""}. {stuck[0]?.reason}
        </Notice>
      ) : null}
      {shown.length > 0 ? (
        <Table
          label="Releases whose answer would change"
          columns={[
            { id: "release", name: "Release", width: 210 },
            { id: "change", name: "Under the change", width: 160 },
            { id: "before", name: "Before" },
            { id: "after", name: "After" },
          ]}
          rows={shown.slice(0, mostShown).map(({ release, look }) => ({
            id: release.ref,
            cells: {
              release: <What release={release} />,
              change: <Status {...look} />,
              before: <Answer answer={release.before} />,
              after: <After release={release} />,
            },
            card: (
              <>
                <What release={release} />
                <Status {...look} />
                <div>
                  <span className="lbl">Before</span> <Answer answer={release.before} />
                </div>
                <div>
                  <span className="lbl">After</span> <After release={release} />
                </div>
              </>
            ),
          }))}
        />
      ) : null}
      {shown.length > mostShown ? (
        <p className="mut">
          The first {mostShown} of {shown.length}; the API answers with all.
        </p>
      ) : null}
    </div>
  );
}

const What = ({ release: r }: { release: Release }) => (
  <>
    <Link href={`/releases/${r.ref}`} className="mono">
      {r.ref}
    </Link>{" "}
    <span className="mono">
      {r.model} {r.version}
    </span>{" "}
    <span className="mut">{r.environment}</span>
  </>
);

function Answer({ answer }: { answer: Release["before"] }) {
  if (!answer) return <span className="mut">not on record</span>;
  if (answer.reasons.length === 0) return answer.decision;
  return (
    <>
      {answer.decision}
      {answer.reasons.map((r) => (
        <div key={`${r.code} ${r.text}`}>
          <span className="mono">{r.code}</span> {r.text}
        </div>
      ))}
    </>
  );
}

const After = ({ release }: { release: Release }) => (
  <>
    {release.after ? <Answer answer={release.after} /> : null}
    {release.why ? <div className="mut">{release.why}</div> : null}
  </>
);
