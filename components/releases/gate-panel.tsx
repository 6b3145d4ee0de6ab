import Link from "@/components/ui/link";
import { ReasonCard, SoonReason } from "@/components/ui/reason-card";
import { Status } from "@/components/ui/status";
import { When } from "@/components/ui/when";
import type { GateReason, UpcomingReason } from "@/lib/releases/release";

/** The gate's answer with its reasons, who can clear each, what warns and what will block soon. */
export function GatePanel({
  decision,
  reasons,
  warnings,
  upcoming,
  broken = null,
  answered,
  here,
}: {
  decision: "allow" | "deny";
  reasons: readonly GateReason[];
  warnings: readonly GateReason[];
  upcoming: readonly UpcomingReason[];
  /** An allow by break-glass only: by which, and what it passes. */
  broken?: { ref: string; passed: readonly GateReason[] } | null;
  answered: string;
  /** Address of the page it stands on: links back to itself are left out. */
  here: string;
}) {
  const allow = decision === "allow";
  return (
    <section className={`panel gate ${decision}`} style={{ marginTop: 20 }} aria-label="The gate's answer">
      <div className="gh">
        <span className={`ans ${decision}`}>
          <Status state={decision} word={allow ? "ALLOW" : "DENY"} />
        </span>
        <span className="ink2">
          {broken ? (
            <>
              By break-glass <Link href={`/releases/break-glass/${broken.ref}`}>{broken.ref}</Link>, past{" "}
              {broken.passed.length === 1 ? "one reason" : `${broken.passed.length} reasons`}.
            </>
          ) : allow ? (
            "Nothing blocks this release."
          ) : (
            sentence(reasons.length)
          )}
        </span>
        <span className="sp" />
        <span className="lbl">{answered}</span>
      </div>
      {reasons.map((r, i) => (
        <ReasonCard
          key={`${r.code}${r.text}`}
          number={i + 1}
          code={r.code}
          who={r.who}
          how={r.unblock}
          action={r.link === here ? undefined : <Link href={r.link}>Go there</Link>}
        >
          {r.text}
        </ReasonCard>
      ))}
      {broken?.passed.map((r) => (
        <SoonReason key={`${r.code}${r.text}`} code={r.code}>
          {r.text} Passed by break-glass.
        </SoonReason>
      ))}
      {warnings.map((w) => (
        <SoonReason key={`${w.code}${w.text}`} code={w.code}>
          {w.text}
          {marks.has(w.code) ? "" : " Does not block at this tier."}
        </SoonReason>
      ))}
      {upcoming.map((u) => (
        <SoonReason key={`${u.code}${u.text}${u.on}`} code={u.code}>
          {u.text} Will block from <When at={u.on} />.
        </SoonReason>
      ))}
    </section>
  );
}

/** What a person did, which the answer names; not what a check found. */
const marks = new Set(["BREAK_GLASS", "FREEZE_EXEMPTED"]);

const numbers = ["", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"];
const sentence = (n: number) => (n === 1 ? "One reason." : `${numbers[n] ?? n} reasons. All must clear.`);
