import { Hatched } from "@/components/ui/hatched";
import Link from "@/components/ui/link";
import { ReasonCard, SoonReason } from "@/components/ui/reason-card";
import { Status } from "@/components/ui/status";
import { When } from "@/components/ui/when";
import type { GateReason, UpcomingReason } from "@/lib/releases/release";

export type Explained = {
  decision: "allow" | "deny";
  reasons: readonly GateReason[];
  upcoming: readonly UpcomingReason[];
  release: string | null;
};

/** What stands between a version and production, as the gate would answer now. `answer` null: there is no version to ask about. */
export function Blockers({ version, answer }: { version: string | null; answer: Explained | null }) {
  if (!answer || !version)
    return (
      <section className="panel" style={{ marginTop: 28 }} aria-label="What blocks the next release">
        <div className="ph">
          <h2>What blocks the next release</h2>
          <span className="sp" />
          <Status state="cannot_tell" />
        </div>
        <div style={{ padding: 16 }}>
          <Hatched>No version is registered, so there is nothing to release</Hatched>
        </div>
      </section>
    );
  const n = answer.reasons.length;
  return (
    <section className="panel" style={{ marginTop: 28 }} aria-label="What blocks the next release">
      <div className="ph">
        <h2>What blocks the next release</h2>
        <span className="ink2">
          {answer.release ? (
            <>
              <Link href={`/releases/${answer.release}`}>{answer.release}</Link>, version {version}
            </>
          ) : (
            `if version ${version} were released to prod now`
          )}
        </span>
        <span className="sp" />
        {answer.decision === "allow" ? (
          <Status state="allow" tag />
        ) : (
          <Status state="deny" tag word={`Deny, ${n} reason${n === 1 ? "" : "s"}`} />
        )}
      </div>
      {answer.reasons.map((r, i) => (
        <ReasonCard
          key={`${r.code} ${r.text}`}
          number={i + 1}
          code={r.code}
          who={r.who}
          how={r.unblock}
          action={<Link href={r.link}>Open</Link>}
        >
          {r.text}
        </ReasonCard>
      ))}
      {n === 0 ? (
        <p style={{ padding: "12px 16px" }}>Nothing blocks it. Every check passes and every signature counts.</p>
      ) : null}
      {answer.upcoming.map((u) => (
        <SoonReason key={`${u.code} ${u.text}`} code={u.code}>
          {u.text} Will block from <When at={u.on} />.
        </SoonReason>
      ))}
    </section>
  );
}
