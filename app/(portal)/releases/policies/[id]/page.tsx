import { notFound } from "next/navigation";
import { DryRunForm } from "@/components/releases/dry-run-form";
import { PolicyPassable } from "@/components/releases/policy-passable";
import { Digest } from "@/components/ui/digest";
import Link from "@/components/ui/link";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import { holds } from "@/lib/core/actor";
import { unlessPast } from "@/lib/core/as-of";
import { roleName } from "@/lib/core/rights";
import { explainPolicy } from "@/lib/releases/explain-policy";
import { mayDryRun } from "@/lib/releases/release";
import { policySatisfiable } from "@/lib/releases/satisfiable-query";
import { inSentence } from "@/lib/releases/words";
import { tryPolicy } from "../actions";

export default async function PolicyPage({ params }: { params: Promise<{ id: string }> }) {
  const ctx = await pageContext();
  const found = explainPolicy((await params).id);
  if (!found) notFound();
  const { policy, source, file, cases, others } = found;
  const dryRun = unlessPast(ctx, mayDryRun(ctx.actor));
  // Who held which role in the past is not kept as rows.
  const passable =
    ctx.asOf || !holds(ctx.actor, "releases:read") ? null : await policySatisfiable(ctx, { policy: policy.id });
  return (
    <Page>
      <PageHead
        title={`${policy.title}, version ${policy.version}`}
        lede={policy.summary}
        actions={
          <>
            <Link href="/releases/pipelines">How a pipeline asks</Link>
            {others.map((o) => (
              <Link key={o.id} href={`/releases/policies/${o.id}`}>
                {o.title}
              </Link>
            ))}
          </>
        }
      />
      <p className="lbl" style={{ marginTop: 8 }}>
        Kept by the {policy.owner.toLowerCase()} in <span className="mono">{file}</span>, digest{" "}
        <Digest value={policy.digest} />. It covers {policy.environments.join(" and ")}
        {policy.setAlias ? `, and sets the registry alias ${policy.setAlias} when the gate allows` : ""}.
      </p>
      <Section title="Who must sign">
        <Table
          label="Who must sign, by tier"
          columns={[
            { id: "tier", name: "Tier", width: 64 },
            { id: "sign", name: "Signatures, each by another person" },
            { id: "days", name: "Counts for", width: 96 },
            { id: "unknown", name: "An unknown check", width: 128 },
            { id: "fail", name: "If the portal is silent", width: 150 },
          ]}
          rows={(["1", "2", "3", "4"] as const).map((tier) => {
            const rule = policy.tiers[tier];
            return {
              id: tier,
              cells: {
                tier: `Tier ${tier}`,
                sign:
                  rule.approvals.length === 0
                    ? "none"
                    : rule.approvals
                        .map(
                          (a) =>
                            `${a.title}${a.roles.length > 1 ? ` (${a.roles.map((r) => inSentence(roleName[r])).join(", ")})` : ` (${inSentence(roleName[a.roles[0] ?? "viewer"])})`}`,
                        )
                        .join("; "),
                days: `${rule.validityDays} days`,
                unknown: rule.unknown === "block" ? "blocks" : "warns",
                fail: rule.failMode === "closed" ? "treat as deny" : "may go on",
              },
            };
          })}
        />
        <p className="ink2" style={{ marginTop: 8, maxWidth: 720 }}>
          Whoever asked for the release and whoever trained the version does not approve it. A person counts once,
          however many roles or keys they have. Signatures are made with passkeys; software keys count in the demo only.
        </p>
        <p className="ink2" style={{ marginTop: 8, maxWidth: 720 }}>
          {policy.breakGlass.maximumHours === 0
            ? "No emergency opens this gate: the policy knows no break-glass."
            : `In an emergency two people open the gate for one artefact, for at most ${policy.breakGlass.maximumHours} hours; what is prohibited, unknown, of other bytes or rejected stays closed. A third person looks at it within two business days.`}{" "}
          <Link href="/releases/break-glass">Break-glass</Link> and <Link href="/releases/freezes">freezes</Link> are
          listed with their reasons.
        </p>
      </Section>
      {passable ? <PolicyPassable units={passable.units} /> : null}
      <Section title="What must hold">
        <Table
          label="Checks of the policy"
          columns={[
            { id: "title", name: "Check" },
            { id: "tiers", name: "Tiers", width: 80 },
            { id: "code", name: "Reason if not" },
            { id: "expr", name: "Expression (CEL)" },
          ]}
          rows={policy.checks.map((c) => ({
            id: c.id,
            cells: {
              title: c.title,
              tiers: c.tiers ? c.tiers.join(", ") : "all",
              code: <span className="mono">{c.reason}</span>,
              expr: <span className="mono">{c.expr}</span>,
            },
          }))}
        />
      </Section>
      <Section title="Tried on" note={`${cases.filter((c) => c.holds).length} of ${cases.length} cases hold`}>
        <Table
          label="Cases of the policy"
          columns={[
            { id: "holds", name: "Holds", width: 88 },
            { id: "name", name: "Case" },
            { id: "expect", name: "Answer" },
          ]}
          rows={cases.map((c) => ({
            id: c.name,
            cells: {
              holds: <Status state={c.holds ? "pass" : "fail"} />,
              name: c.name,
              expect: (
                <>
                  {c.decision}
                  {c.codes.length > 0 ? <span className="mono mut"> {c.codes.join(", ")}</span> : null}
                </>
              ),
            },
          }))}
        />
      </Section>
      <Section title="Try a change">
        {dryRun.ok ? (
          <DryRunForm policy={policy.id} source={source} action={tryPolicy} />
        ) : (
          <WhyButton label="Try on past and open releases" reason={dryRun.reason} />
        )}
      </Section>
      <Section title="The file">
        <pre className="mono" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
          {source}
        </pre>
      </Section>
    </Page>
  );
}
