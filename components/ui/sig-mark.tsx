import { ridgePrint } from "@/lib/core/ridge-print";

type Size = "small" | "normal" | "medium" | "large";
const sizes: Record<Size, string> = { small: " s", normal: "", medium: " m", large: " l" };

/** The print of a key (5 bars) or of a statement (9 bars). `of` names what it is the print of. */
export function KeyPrint({
  hash,
  bars = 5,
  of,
  size = "normal",
  stale = false,
}: {
  hash: string;
  bars?: 5 | 9;
  of: string;
  size?: Size;
  stale?: boolean;
}) {
  const side = bars * 3 - 1;
  const unit = side / 7;
  return (
    <span className={`kp${sizes[size]}${stale ? " stale" : ""}`} role="img" aria-label={`Print of ${of}`}>
      <svg viewBox={`0 0 ${side} ${side}`} fill="currentColor" aria-hidden="true">
        {ridgePrint(hash, bars).map(({ top, bottom }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place
          <rect key={i} x={i * 3} y={(top * unit).toFixed(2)} width="2" height={((bottom - top) * unit).toFixed(2)} />
        ))}
      </svg>
    </span>
  );
}

/** Signed: solid. Countersigned: the last required role, over a double rule. Stale: the text changed after signing. */
export type SigState = "signed" | "countersigned" | "stale" | "unsigned";

/** Who signed, with the print of the key and its fingerprint. An unsigned one names whom it waits for. */
export function SigMark({
  state,
  name,
  keyHash,
  fingerprint,
  detail,
}: {
  state: SigState;
  name: string;
  /** Hash of the public key (hex or SHA256:base64). Needed unless unsigned. */
  keyHash?: string;
  fingerprint?: string;
  /** Device, time or role; stands after the fingerprint. */
  detail?: string;
}) {
  if (state === "unsigned" || !keyHash) {
    return (
      <div className="sig">
        <span className="kp none" />
        <div>
          <div className="who" style={{ fontWeight: 400 }}>
            Waiting on {name}
          </div>
          <div className="fp">{detail ?? "no signature"}</div>
        </div>
      </div>
    );
  }
  return (
    <div className={state === "stale" ? "sig stale" : "sig"}>
      <KeyPrint hash={keyHash} of={`${name}'s key`} stale={state === "stale"} />
      <div>
        <div className="who">{state === "countersigned" ? <span className="double">{name}</span> : name}</div>
        <div className="fp">
          {fingerprint ? shortFingerprint(fingerprint) : ""}
          {detail ? `${fingerprint ? ", " : ""}${detail}` : ""}
        </div>
      </div>
    </div>
  );
}

/** `SHA256:mK4t…9Qxe`: enough to compare by eye, the rest on the key's own page. */
export function shortFingerprint(fingerprint: string): string {
  const [, head = "", body = fingerprint] = /^(SHA256:)(.+)$/.exec(fingerprint) ?? [];
  return body.length <= 12 ? head + body : `${head}${body.slice(0, 4)}…${body.slice(-4)}`;
}
