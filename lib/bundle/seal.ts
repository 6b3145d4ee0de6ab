import { utf8 } from "@/lib/signing/bytes";
import { sha256Hex } from "@/lib/signing/sha256";
import { type Contents, encode, predicateTypes } from "./format";

/**
 * The statement that seals a bundle: the digest of its contents, which the portal signs when it exports. The nonce tells two
 * exports of the same contents apart.
 */
export function sealStatement(
  contents: Contents,
  nonce: string,
): {
  payload: Uint8Array;
  predicateType: string;
  subjects: { name: string; digest: string }[];
} {
  const predicateType = predicateTypes(contents.portal.host).seal;
  const subject = { name: `${contents.release}.bundle.json`, digest: sha256Hex(utf8(encode(contents))) };
  const statement = {
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: subject.name, digest: { sha256: subject.digest } }],
    predicateType,
    predicate: { format: contents.format, release: contents.release, exportedAt: contents.exportedAt, nonce },
  };
  return { payload: utf8(JSON.stringify(statement)), predicateType, subjects: [subject] };
}
