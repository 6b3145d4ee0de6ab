import { randomBytes } from "node:crypto";

/** The exact bytes of an in-toto statement, with its predicate type and subjects, ready for lib/signing/store.ts. Digests are SHA-256 hex. */
export type Built = { payload: Buffer; predicateType: string; subjects: readonly { name: string; digest: string }[] };

/** Makes no two statements alike, whatever they say. */
export const nonce = () => randomBytes(16).toString("hex");

/** An in-toto statement over its subjects. */
export function build(
  predicateType: string,
  subjects: Built["subjects"],
  body: Readonly<Record<string, unknown>>,
): Built {
  const statement = {
    _type: "https://in-toto.io/Statement/v1",
    subject: subjects.map((s) => ({ name: s.name, digest: { sha256: s.digest } })),
    predicateType,
    predicate: body,
  };
  return { payload: Buffer.from(JSON.stringify(statement)), predicateType, subjects };
}
