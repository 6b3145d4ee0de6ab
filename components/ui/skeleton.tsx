const widths = [70, 52, 61, 44, 66, 57];

/** Grey bars in the real grid while a page loads. No shimmer. */
export function SkeletonRows({ rows = 8, height = 36 }: { rows?: number; height?: number }) {
  return (
    <div className="skr">
      {Array.from({ length: rows }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bars have no identity
        <div key={i} style={{ height }}>
          <span className="sk" />
          <span className="sk" style={{ width: `${widths[i % widths.length]}%` }} />
          <span className="sk" />
        </div>
      ))}
    </div>
  );
}

/** A page's loading state: title bar, a line, rows. */
export function PageSkeleton({ rows = 10 }: { rows?: number }) {
  return (
    <main className="main" id="main" aria-busy="true" aria-label="Loading">
      <div className="sk" style={{ width: 180, height: 20 }} />
      <div className="sk" style={{ width: 320, marginTop: 12 }} />
      <div style={{ marginTop: 28 }}>
        <SkeletonRows rows={rows} />
      </div>
    </main>
  );
}
