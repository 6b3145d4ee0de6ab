/** How far a campaign is: attested, not theirs, still open. Widths repeat the words beside it. */
export function Progress({ attested, disowned, models }: { attested: number; disowned: number; models: number }) {
  const share = (n: number) => `${models === 0 ? 0 : (100 * n) / models}%`;
  return (
    <span className="row" style={{ gap: 8 }}>
      <span className="meter prog" aria-hidden="true">
        {attested > 0 ? <i className="p" style={{ width: share(attested) }} /> : null}
        {disowned > 0 ? <i className="f" style={{ width: share(disowned) }} /> : null}
      </span>
      <span className="nw">
        {attested}/{models}
      </span>
    </span>
  );
}
