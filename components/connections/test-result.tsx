import { Notice } from "@/components/ui/notice";
import type { Tested } from "@/lib/connectors/registry";

/** Clocks that differ by more than this are worth a word: webhooks and signed requests allow five minutes. */
const skewWorthSaying = 60_000;

/** What a connection test tried, how each step went, and which permission is missing. */
export function TestResult({ tested }: { tested: Tested }) {
  const { ok, summary, missing, identity, skewMs, probes } = tested;
  return (
    <div style={{ marginTop: 12 }}>
      <Notice tone={ok ? "pass" : "fail"} live>
        <b>{ok ? "It works." : "It does not work yet."}</b> {summary}
        {identity ? <div className="ink2">Signed in as {identity}.</div> : null}
        {probes.map((p) => (
          <div key={p.what} className="ink2">
            {p.ok ? "Passed" : "Failed"}: {p.what}. {summary.includes(p.text) ? "" : p.text}
          </div>
        ))}
        {missing.length > 0 ? (
          <div className="ink2">
            Missing permission: <b>{missing.join(", ")}</b>.
          </div>
        ) : null}
        {skewMs !== null && Math.abs(skewMs) > skewWorthSaying ? (
          <div className="ink2">
            Its clock is {Math.round(Math.abs(skewMs) / 1000)} s {skewMs > 0 ? "ahead of" : "behind"} this portal's.
            Dates from it are as it says them.
          </div>
        ) : null}
      </Notice>
    </div>
  );
}
