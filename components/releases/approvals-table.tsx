import { SigMark } from "@/components/ui/sig-mark";
import { Status } from "@/components/ui/status";
import { When } from "@/components/ui/when";
import type { Role } from "@/lib/core/rights";
import { roleName } from "@/lib/core/rights";
import { type ApprovalState, approvalStateName } from "@/lib/releases/release";

export type ApprovalRow = {
  id: string;
  role: Role;
  title: string;
  name: string;
  kid: string;
  keyLabel: string;
  software: boolean;
  digest: string;
  signedAt: Date;
  state: ApprovalState;
  note: string;
  logIndex: number | null;
};
export type MissingRow = { title: string; waitingOn: string; digest: string };

const looks = {
  valid: "valid",
  stale: "stale",
  expired: "stale",
  revoked: "withdrawn",
  rejected: "rejected",
  weak: "fail",
} as const;

/** Who has signed in which place, with which key, over which bytes, and whether it counts now. */
export function ApprovalsTable({ rows, missing }: { rows: readonly ApprovalRow[]; missing: readonly MissingRow[] }) {
  return (
    <table className="t ap" aria-label="Approvals">
      <thead>
        <tr>
          <th scope="col">Role required</th>
          <th scope="col">Signed by, key</th>
          <th scope="col">Covers</th>
          <th scope="col">Time</th>
          <th scope="col">Log</th>
          <th scope="col">State</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <td className="b">{row.title || roleName[row.role]}</td>
            <td>
              <SigMark
                state={row.state === "valid" ? "signed" : "stale"}
                name={row.name}
                keyHash={row.kid}
                fingerprint={row.kid}
                detail={row.software ? "software key (demo)" : row.keyLabel}
              />
            </td>
            <td className="mono">{row.digest.slice(0, 6)}</td>
            <td className="ink2 nw">
              <When at={row.signedAt} show="datetime" />
            </td>
            <td className="mono">
              {row.logIndex === null ? "" : <a href={`/log/${row.logIndex}`}>{row.logIndex.toLocaleString("en")}</a>}
            </td>
            <td>
              <Status state={looks[row.state]} tag={row.state === "stale"} word={approvalStateName[row.state]} />
              {row.note ? <div className="lbl">{row.note}</div> : null}
            </td>
          </tr>
        ))}
        {missing.map((row) => (
          <tr key={row.title}>
            <td className="b">{row.title}</td>
            <td>
              <SigMark state="unsigned" name={row.waitingOn} detail={`no signature for ${row.digest.slice(0, 6)}`} />
            </td>
            <td className="mono" />
            <td className="ink2 nw" />
            <td className="mono" />
            <td>
              <Status state="not_signed" />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
