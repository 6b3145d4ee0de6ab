import Link from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { Section } from "@/components/ui/page";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { listed } from "@/lib/releases/words";

type Tier = {
  tier: number;
  live: number;
  state: "pass" | "depends" | "blocked";
  reasons: readonly string[];
  worst: { requester: string; trainer: string | null } | null;
};
type Unit = { unit: { id: string; name: string; depth: number } | null; tiers: readonly Tier[] };

const looks = {
  pass: { state: "pass", word: "Passes" },
  depends: { state: "partly", word: "Depends on who asks" },
  blocked: { state: "fail", word: "Cannot pass" },
} as const;

/** Whether people can be found who may give the signatures a policy asks for: business unit by tier, with what stands against it. */
export function PolicyPassable({ units }: { units: readonly Unit[] }) {
  const blocked = units.filter((u) => u.tiers.some((t) => t.state === "blocked")).length;
  return (
    <Section
      id="passable"
      title="Can it be passed"
      note={blocked === 0 ? "in every business unit" : `not in ${blocked} of ${units.length} business units`}
    >
      <Table
        label="Whether the policy can be passed, by business unit and tier"
        columns={[
          { id: "unit", name: "Business unit", width: 190 },
          ...[1, 2, 3, 4].map((tier) => ({ id: `t${tier}`, name: `Tier ${tier}`, width: 148 })),
          { id: "why", name: "What stands against it" },
        ]}
        rows={units.map(({ unit, tiers }) => {
          const live = tiers.reduce((n, t) => n + t.live, 0);
          const models = live === 0 ? "no live model" : `${live} live model${live === 1 ? "" : "s"}`;
          const why = whys(tiers);
          return {
            id: unit?.id ?? "none",
            cells: {
              unit: (
                <span style={{ display: "block", paddingLeft: (unit?.depth ?? 0) * 12 }}>
                  {unit?.name ?? "No unit"}
                  <small className="mut" style={{ display: "block" }}>
                    {models}
                  </small>
                </span>
              ),
              ...Object.fromEntries(tiers.map((t) => [`t${t.tier}`, <Status key={t.tier} {...looks[t.state]} />])),
              why: why.length === 0 ? <span className="mut">nothing</span> : <Whys lines={why} />,
            },
            card: (
              <>
                <b>{unit?.name ?? "No unit"}</b> <span className="mut">{models}</span>
                {tiers.map((t) => (
                  <div key={t.tier}>
                    Tier {t.tier}: <Status {...looks[t.state]} />
                  </div>
                ))}
                <Whys lines={why} />
              </>
            ),
          };
        })}
        empty={<p className="mut">There is no business unit that you may see.</p>}
      />
      <p className="ink2" style={{ marginTop: 8, maxWidth: 720 }}>
        Worked out just now from accounts and roles: different people for all signatures, in a role that they hold in
        the unit or above it, whoever of the unit asks for the release and whoever trained the version. Administrators
        and inactive accounts sign nothing, and neither does whoever stands in for a member of the board.
      </p>
    </Section>
  );
}

function Whys({ lines }: { lines: readonly { tiers: string; text: string }[] }) {
  return lines.map((line) => (
    <div key={line.text}>
      <span className="lbl">{line.tiers}</span> {line.text}
    </div>
  ));
}

/** Each sentence once, with the tiers that it is about. */
function whys(tiers: readonly Tier[]): { tiers: string; text: string }[] {
  const by = new Map<string, number[]>();
  for (const t of tiers) for (const text of t.reasons) by.set(text, [...(by.get(text) ?? []), t.tier]);
  return [...by].map(([text, of]) => ({ tiers: `Tier${of.length > 1 ? "s" : ""} ${listed(of.map(String))}`, text }));
}

/** A line for those who can mend it: where models serve that no release could replace. */
export function PolicyHint({
  stuck,
}: {
  stuck: readonly { policy: { id: string; title: string }; unit: string; tiers: readonly number[]; reason: string }[];
}) {
  const [first] = stuck;
  if (!first) return null;
  const rest = stuck.length - 1;
  return (
    <Notice
      tone="care"
      action={<Link href={`/releases/policies/${first.policy.id}#passable`}>See who is missing</Link>}
    >
      Nobody can pass “{first.policy.title}” in {first.unit}, tier {listed(first.tiers.map(String))}, where models
      serve. {first.reason}
      {rest > 0 ? ` The same is so in ${rest} other place${rest === 1 ? "" : "s"}.` : ""}
    </Notice>
  );
}
