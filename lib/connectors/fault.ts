import { Refusal } from "@/lib/core/refusal";

/** What went wrong between us and a connected system. */
export type FaultKind =
  | "blocked"
  | "unreachable"
  | "timeout"
  | "tls"
  | "unauthorized"
  | "forbidden"
  | "not_found"
  | "rejected"
  | "rate_limited"
  | "server"
  | "redirect"
  | "html"
  | "truncated"
  | "json"
  | "shape"
  | "too_large"
  | "budget";

/**
 * A connected system did not answer as it should. The message names the system, its address, what it did and the remedy; it never
 * holds a header, a secret or more than a line of the answer.
 */
export class UpstreamFault extends Refusal {
  readonly kind: FaultKind;
  /** HTTP status of the answer, when there was one. */
  readonly status: number | null;
  /** The system's own error code, e.g. RESOURCE_DOES_NOT_EXIST. */
  readonly upstreamCode: string | null;
  /** What the system calls the permission that is missing, e.g. sagemaker:ListModelPackages; null when it is not one, or unknown. */
  readonly permission: string | null;

  constructor(
    kind: FaultKind,
    message: string,
    status: number | null = null,
    upstreamCode: string | null = null,
    cause?: unknown,
    permission: string | null = null,
  ) {
    super("upstream", message, [], cause === undefined ? undefined : { cause });
    this.name = "UpstreamFault";
    this.kind = kind;
    this.status = status;
    this.upstreamCode = upstreamCode;
    this.permission = permission;
  }
}
