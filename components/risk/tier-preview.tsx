import { Status } from "@/components/ui/status";
import type { TierResult } from "@/lib/risk/tier";

const percent = (share: number) => Math.round(share * 100);

/** A tier with what it rests on: score, axes, floors and the answers that weigh most. */
export function TierPreview({ result, heading }: { result: TierResult; heading: string }) {
  return (
    <div className="tierbox">
      <div className="lbl">{heading}</div>
      <div className="big" aria-live="polite">
        {result.blocked ? "Blocked" : `Tier ${result.tier}`}
        {result.provisional && !result.blocked ? " (provisional)" : ""}
      </div>
      <p>
        {result.blocked
          ? "A prohibited practice has no tier and no way to production."
          : `Driven by ${result.driver}. Score ${result.score.toFixed(1)} of 100${
              result.tier === result.scoreTier ? "" : `, which alone would be tier ${result.scoreTier}`
            }.`}
      </p>
      {result.provisional ? (
        <p className="lbl" style={{ marginTop: 4 }}>
          <Status state="unknown" word="Provisional" /> Every “don't know” counts as 4 until it is answered.
        </p>
      ) : null}
      <div className="shares">
        {(["impact", "reliance", "complexity"] as const).map((axis) => (
          <Bar key={axis} name={axis} value={percent(result[axis])} />
        ))}
      </div>
      {result.floors.length > 0 ? (
        <>
          <h3 style={{ marginTop: 16 }}>Floors</h3>
          <ul>
            {result.floors.map((floor) => (
              <li key={floor.text} className="lbl">
                {floor.text}
              </li>
            ))}
          </ul>
        </>
      ) : null}
      <h3 style={{ marginTop: 16 }}>What weighs most</h3>
      <ol>
        {result.drivers
          .filter((d) => d.points > 0)
          .slice(0, 5)
          .map((driver) => (
            <li key={driver.question} className="lbl">
              <span className="mono">{driver.question}</span> {driver.text}, {driver.points.toFixed(1)} points
            </li>
          ))}
      </ol>
    </div>
  );
}

function Bar({ name, value }: { name: string; value: number }) {
  return (
    <>
      <span>{name}</span>
      <span className="share" aria-hidden="true">
        <i style={{ width: `${value}%` }} />
      </span>
      <span className="n">{value} %</span>
    </>
  );
}
