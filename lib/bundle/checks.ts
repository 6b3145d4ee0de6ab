import { z } from "zod";
import { signatureLeaf } from "@/lib/log/leaf";
import { leafHash, verifyInclusion } from "@/lib/log/merkle";
import { base64, fromBase64 } from "@/lib/signing/bytes";
import { sha256 } from "@/lib/signing/sha256";
import type { Check } from "@/lib/signing/webauthn";
import type { Logged } from "./format";

/** Tree head that every inclusion proof of the bundle leads to. */
export type Head = { size: number; root: Uint8Array };

/** Collects named checks; a check that throws fails with the reason instead of ending the verification. */
export class Checks {
  readonly list: Check[] = [];

  /** `test` returns null when it holds, or why it does not. */
  add(check: string, good: string, test: () => string | null): boolean {
    let why: string | null;
    try {
      why = test();
    } catch (error) {
      why = reason(error);
    }
    this.list.push({ check, ok: why === null, detail: why ?? good });
    return why === null;
  }
}

/** Verifies that a signature's leaf is exactly the expected one and stands in the tree. */
export function inclusionFault(
  logged: Logged,
  signed: { data: Uint8Array; sig: Uint8Array; spki: Uint8Array },
  head: Head | null,
): string | null {
  if (!head) return "there is no valid checkpoint to compare with";
  const leaf = signatureLeaf(sha256(signed.data), signed.sig, signed.spki);
  if (logged.leaf !== base64(leaf)) return "the log entry is of another signature";
  const proof = logged.hashes.map(fromBase64);
  return verifyInclusion(leafHash(leaf), logged.index, head.size, proof, head.root)
    ? null
    : `the proof does not lead from entry ${logged.index} to the signed root`;
}

function reason(error: unknown): string {
  const [issue] = error instanceof z.ZodError ? error.issues : [];
  if (issue) return `${issue.path.join(".")}: ${issue.message}`;
  return error instanceof Error ? error.message : String(error);
}
