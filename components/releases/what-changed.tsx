import { Status } from "@/components/ui/status";
import { When } from "@/components/ui/when";
import type { LineChange } from "@/lib/releases/statement-lines";

const short = (value: string) => (/^[0-9a-f]{64}$/.test(value) ? `${value.slice(0, 6)}…${value.slice(-4)}` : value);

/** What differs between the request that someone signed and the request now. */
export function WhatChanged({
  name,
  signedAt,
  changes,
  of,
}: {
  name: string;
  signedAt: Date;
  changes: readonly LineChange[];
  of: number;
}) {
  return (
    <div className="df">
      <div className="dh">
        <Status state="stale" tag word="What changed" />
        <span>
          since {name} signed on <When at={signedAt} />
        </span>
        <span className="sp" />
        <span className="ink2">
          {changes.length} of {of} lines differ
        </span>
      </div>
      <table className="t" aria-label={`What changed since ${name} signed`}>
        <thead>
          <tr>
            <th scope="col">Line</th>
            <th scope="col">Signed</th>
            <th scope="col">Requested now</th>
            <th scope="col">Why it matters</th>
          </tr>
        </thead>
        <tbody>
          {changes.map((change) => (
            <tr key={change.label}>
              <td className="mut">{change.label}</td>
              <td className="mono" style={{ overflowWrap: "anywhere" }}>
                <del>{short(change.before)}</del>
              </td>
              <td className="mono" style={{ overflowWrap: "anywhere" }}>
                <ins>{short(change.after)}</ins>
              </td>
              <td className="ink2">{change.why}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
