import { BreakGlass } from "@/components/break-glass/break-glass";
import { History } from "@/components/log/history";
import { ApprovalsTable } from "@/components/releases/approvals-table";
import { GatePanel } from "@/components/releases/gate-panel";
import { SignPanel } from "@/components/releases/sign-panel";
import { WhatChanged } from "@/components/releases/what-changed";
import { ActionForm } from "@/components/ui/action-form";
import { CopyButton, Digest } from "@/components/ui/digest";
import { TextArea } from "@/components/ui/field";
import Link from "@/components/ui/link";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Status } from "@/components/ui/status";
import { StickyAction } from "@/components/ui/sticky-action";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import { type Role, roleName } from "@/lib/core/rights";
import { tierRule } from "@/lib/releases/policy";
import { getRelease } from "@/lib/releases/queries";
import { mayApprove, mayRefresh, mayWithdraw, releaseStatusName, signingRoles } from "@/lib/releases/release";
import { inSentence } from "@/lib/releases/words";
import { breakTheGlass, openLink, refresh, revoke, signDemo, withdraw } from "../actions";

export async function generateMetadata({ params }: { params: Promise<{ ref: string }> }) {
  return { title: (await params).ref };
}

export default async function Release({ params }: { params: Promise<{ ref: string }> }) {
  const ctx = await pageContext();
  const r = await getRelease(ctx, { release: (await params).ref });
  const { answer } = r;
  const here = `/releases/${r.ref}`;
  const rule = answer.policy ? tierRule(answer.policy, r.tier) : null;
  const asked: Role[] = [...new Set(rule?.approvals.flatMap((a) => a.roles) ?? [])];
  const subject = { ...r, id: r.id };
  const may = mayApprove(ctx.actor, subject, asked);
  const own = answer.approvals.find((a) => a.personId === ctx.actor.id && a.state !== "revoked");
  const counted = answer.approvals.filter((a) => a.state === "valid").length;
  const needed = answer.requirements.reduce((n, q) => n + q.requirement.count, 0);
  const titleOf = (role: Role) =>
    answer.requirements.find((q) => q.requirement.roles.includes(role))?.requirement.title ?? "";
  const isOpen = r.status === "open" || r.status === "allowed";
  const others = answer.reasons.length - (answer.reasons.some((x) => x.code === "APPROVAL_MISSING") ? 1 : 0);
  const snippet = `countersign gate check --model ${r.model} --version ${r.version} --digest ${r.digest} --env ${r.environment}`;
  const stale = answer.approvals.filter((a) => a.state === "stale");

  return (
    <Page
      name="release"
      aside={
        <>
          <div className="h" id="sign">
            <h2>{own && own.state === "valid" ? "You have signed" : "Your signature"}</h2>
          </div>
          {own && own.state === "valid" ? (
            <>
              <p className="ink2">
                As {inSentence(roleName[own.role])}, on <When at={own.signedAt} />. It ends on{" "}
                <When at={own.expiresAt} />.
              </p>
              {isOpen ? (
                <details style={{ marginTop: 8 }}>
                  <summary>Take it back</summary>
                  <ActionForm
                    action={revoke}
                    submit="Take back my signature"
                    tone="outlined"
                    hidden={{ release: r.ref }}
                  >
                    <TextArea name="reason" label="Why?" minLength={10} maxLength={2000} />
                  </ActionForm>
                </details>
              ) : null}
            </>
          ) : may.ok ? (
            <>
              <p className="ink2" style={{ marginBottom: 12 }}>
                Asked as{" "}
                {signingRoles(ctx.actor, subject, asked)
                  .map((role) => roleName[role])
                  .join(" or ")}
                .
              </p>
              <SignPanel
                release={r.ref}
                roles={signingRoles(ctx.actor, subject, asked).map((role) => ({ value: role, label: roleName[role] }))}
                note={
                  others > 0
                    ? `Your signature alone will not open the gate: ${others} other reason${others === 1 ? "" : "s"} stay${others === 1 ? "s" : ""}.`
                    : "You sign with your own key, on a page of its own."
                }
                open={openLink}
                signDemo={signDemo}
              />
            </>
          ) : (
            <WhyButton label="Read and sign" reason={may.reason} size="large" full />
          )}

          <div className="h" style={{ marginTop: 32 }}>
            <h2>Request</h2>
          </div>
          <div style={{ borderTop: "1px solid var(--line)" }}>
            <div className="kv">
              <span>Asked by</span>
              <span>
                {r.requesterName}, <When at={r.requestedAt} />
              </span>
            </div>
            <div className="kv">
              <span>Digest</span>
              <Digest value={r.digest} />
            </div>
            <div className="kv">
              <span>To</span>
              <span>{r.environment}</span>
            </div>
            <div className="kv">
              <span>Policy</span>
              <Link href={`/releases/policies/${answer.policy?.id ?? ""}`}>
                {answer.policy?.id} v{answer.policy?.version}
              </Link>
            </div>
            <div className="kv">
              <span>Statement</span>
              <Digest value={r.statement} />
            </div>
            {r.note ? (
              <div className="kv">
                <span>Note</span>
                <span>{r.note}</span>
              </div>
            ) : null}
            {r.promotedAt ? (
              <div className="kv">
                <span>Promoted</span>
                <When at={r.promotedAt} show="datetime" />
              </div>
            ) : null}
          </div>
          {isOpen ? (
            <div style={{ marginTop: 12 }}>
              {mayRefresh(ctx.actor, subject).ok ? (
                <ActionForm
                  action={refresh}
                  submit="Bring up to date"
                  tone="outlined"
                  hidden={{ release: r.ref }}
                  confirm={{
                    title: `Bring ${r.ref} up to date?`,
                    text: "Signatures over the present form become stale if anything it pins has changed.",
                    yes: "Bring up to date",
                  }}
                />
              ) : null}
              {mayWithdraw(ctx.actor, subject).ok ? (
                <details style={{ marginTop: 8 }}>
                  <summary>Withdraw the request</summary>
                  <ActionForm action={withdraw} submit="Withdraw" tone="outlined" hidden={{ release: r.ref }}>
                    <TextArea name="reason" label="Why?" minLength={10} maxLength={2000} />
                  </ActionForm>
                </details>
              ) : null}
            </div>
          ) : null}

          <BreakGlass actor={ctx.actor} release={r} ask={breakTheGlass} />

          <div className="h" style={{ marginTop: 32 }}>
            <h2>Answers so far</h2>
          </div>
          {r.answers.length === 0 ? (
            <p className="lbl">No pipeline has asked the gate yet.</p>
          ) : (
            <ul className="tl">
              {r.answers.map((a) => (
                <li key={a.id}>
                  <Status state={a.decision} word="" />
                  <span>
                    {a.decision === "allow" ? "Allow" : `Deny, ${a.reasons} reason${a.reasons === 1 ? "" : "s"}`}
                    <span className="lbl"> {a.askedBy}</span>
                  </span>
                  <span className="lbl">
                    <When at={a.askedAt} show="datetime" />
                  </span>
                </li>
              ))}
            </ul>
          )}
          <div className="h" style={{ marginTop: 32 }}>
            <h2>In a pipeline</h2>
          </div>
          <p className="lbl">Exit code 0 allow, 1 deny, 2 could not ask. Treat 2 as deny.</p>
          <pre className="mono snippet" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere", marginTop: 6 }}>
            {snippet}
          </pre>
          <CopyButton text={snippet} what="command" />
          <p className="lbl" style={{ marginTop: 8 }}>
            <Link href="/releases/pipelines">Ready steps for pipelines</Link>
          </p>
          <p className="lbl" style={{ marginTop: 8 }}>
            <a href={`/api/v1/releases/${r.ref}/bundle`}>Bundle for auditors</a>
          </p>
          <div className="h" style={{ marginTop: 32 }}>
            <h2>History</h2>
          </div>
          <History entries={r.history} all={`/log?subject=${r.ref}`} />
        </>
      }
    >
      <PageHead
        title={`${r.model} ${r.version} to ${r.environment === "prod" ? "production" : r.environment}`}
        state={r.status === "open" ? undefined : <Status state={r.status} tag word={releaseStatusName[r.status]} />}
        lede={
          <>
            {r.ref}, requested by {r.requesterName}.{" "}
            <Link href={`/models/${encodeURIComponent(r.model)}`}>{r.model}</Link>,{" "}
            {r.tier === null ? "no tier yet" : `tier ${r.tier}`}.
          </>
        }
      />
      {isOpen || r.status === "released" ? (
        <GatePanel
          {...answer}
          broken={answer.brokenBy}
          here={here}
          answered={`As of now, policy ${answer.policy?.id ?? ""} v${answer.policy?.version ?? ""}`}
        />
      ) : (
        <p className="ink2" style={{ marginTop: 20 }}>
          This request is {releaseStatusName[r.status].toLowerCase()}; the gate no longer waits for it.
        </p>
      )}
      <Section
        title="Approvals"
        note={
          <>
            {counted} of {needed} valid for digest <span className="mono">{r.digest.slice(0, 6)}</span>
          </>
        }
      >
        {needed === 0 && answer.approvals.length === 0 ? (
          <p className="ink2">The policy asks for no signature here.</p>
        ) : (
          <ApprovalsTable
            rows={answer.approvals.map((a) => ({
              id: a.id,
              role: a.role,
              title: titleOf(a.role),
              name: a.personName,
              kid: a.kid,
              keyLabel: a.keyLabel,
              software: a.keyKind === "software",
              digest: a.digest,
              signedAt: a.signedAt,
              state: a.state,
              note: a.revokeReason ?? (a.decision === "REJECT" ? a.reason : ""),
              logIndex: r.logIndex[a.statementSha256] ?? null,
            }))}
            missing={answer.requirements
              .filter((q) => !q.met)
              .map((q) => ({
                title: q.requirement.title,
                waitingOn:
                  answer.reasons.find(
                    (x) =>
                      x.code === "APPROVAL_MISSING" && x.text.includes(` for ${q.requirement.title.toLowerCase()} `),
                  )?.who ?? q.requirement.roles.map((role) => roleName[role]).join(" or "),
                digest: r.digest,
              }))}
          />
        )}
      </Section>
      {may.ok && own?.state !== "valid" ? (
        <StickyAction reason={<span className="b">Your signature is asked</span>}>
          <a className="btn pri lg" href="#sign">
            Read and sign
          </a>
        </StickyAction>
      ) : null}
      {stale.map((a) => {
        const change = r.changes[a.requestSha256];
        return change ? (
          <section className="sec" key={a.id}>
            <WhatChanged name={a.personName} signedAt={a.signedAt} changes={change.changes} of={change.of} />
          </section>
        ) : null;
      })}
    </Page>
  );
}
