/** How many checks stand how. Not applicable ones are not counted. */
export type Counts = { pass: number; fail: number; unknown: number; waived: number };

const parts = [
  ["pass", "p"],
  ["fail", "f"],
  ["waived", "w"],
  ["unknown", "u"],
] as const;

/** Readiness as a bar. Height is the second channel: fail stands above the line, waived sinks below it, unknown is hatched. */
export function Meter({ counts }: { counts: Counts }) {
  const total = counts.pass + counts.fail + counts.unknown + counts.waived;
  const label = `${counts.pass} pass, ${counts.fail} fail, ${counts.waived} waived, ${counts.unknown} unknown of ${total}`;
  return (
    <span className="meter" role="img" aria-label={label}>
      {total === 0 ? (
        <i className="u" style={{ flex: 1 }} />
      ) : (
        parts.map(([key, cls]) =>
          counts[key] > 0 ? <i key={key} className={cls} style={{ flex: counts[key] }} /> : null,
        )
      )}
    </span>
  );
}

/** Meter with its words: `31/36` and `4 unknown`. Never assessed reads as unknown, not as zero. */
export function Readiness({ counts }: { counts: Counts | null }) {
  if (!counts) {
    return (
      <span className="rd">
        <Meter counts={{ pass: 0, fail: 0, unknown: 0, waived: 0 }} />
        <span className="u" style={{ gridColumn: "span 2" }}>
          not assessed
        </span>
      </span>
    );
  }
  const total = counts.pass + counts.fail + counts.unknown + counts.waived;
  return (
    <span className="rd">
      <Meter counts={counts} />
      <span>{`${counts.pass}/${total}`}</span>
      <span className="u">{counts.unknown > 0 ? `${counts.unknown} unknown` : ""}</span>
    </span>
  );
}

/** What the meter's parts mean; once per list. */
export function MeterLegend() {
  return (
    <div className="leg" aria-hidden="true">
      <span>
        <i style={{ background: "var(--pass-fill)" }} />
        Pass
      </span>
      <span>
        <i style={{ background: "var(--fail-fill)", width: 5, height: 12 }} />
        Fail
      </span>
      <span>
        <i style={{ background: "var(--care-fill)", height: 4 }} />
        Waived
      </span>
      <span>
        <i className="hatch" style={{ boxShadow: "inset 0 0 0 1px var(--line-control)" }} />
        Unknown
      </span>
    </div>
  );
}
