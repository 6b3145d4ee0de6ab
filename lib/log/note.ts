import { type Bytes, base64, fromBase64, utf8 } from "@/lib/signing/bytes";

/** A signed note (C2SP signed-note): the signed text, and its signature lines. Runs in the browser. */
export type Note = { text: string; signatures: { name: string; keyId: Bytes; signature: Bytes }[] };

/** What a checkpoint says (C2SP tlog-checkpoint). Extension lines are refused: nobody audits them. */
export type TreeHead = { origin: string; size: number; root: Bytes };

/** Longest checkpoint that is read. */
export const maxNote = 64 * 1024;

export const headText = ({ origin, size, root }: { origin: string; size: number; root: Uint8Array }): string =>
  `${origin}\n${size}\n${base64(root)}\n`;

/** Throws with the reason if the text is not a note. */
export function parseNote(note: string): Note {
  const end = note.lastIndexOf("\n\n");
  if (end < 0 || note.length > maxNote || !note.endsWith("\n")) throw new Error("not a signed note");
  const signatures = note
    .slice(end + 2, -1)
    .split("\n")
    .map((line) => {
      const [, name, encoded] = /^— (\S+) (\S+)$/u.exec(line) ?? [];
      if (!name || !encoded) throw new Error("not a signed note: malformed signature line");
      const bytes = fromBase64(encoded);
      if (bytes.length < 5) throw new Error("not a signed note: signature too short");
      return { name, keyId: bytes.slice(0, 4), signature: bytes.slice(4) };
    });
  return { text: note.slice(0, end + 1), signatures };
}

/** Throws with the reason if the signed text is not a tree head. */
export function parseHead(text: string): TreeHead {
  const [origin, size, root, rest, ...more] = text.split("\n");
  if (!origin || !size || !root || rest !== "" || more.length > 0) throw new Error("not a checkpoint of three lines");
  if (!/^(0|[1-9]\d{0,15})$/.test(size)) throw new Error("not a checkpoint: the tree size is not a decimal number");
  const bytes = fromBase64(root);
  if (bytes.length !== 32) throw new Error("not a checkpoint: the root is not 32 bytes");
  return { origin, size: Number(size), root: bytes };
}

/** The bytes whose SHA-256 identifies a note key: `name\n ‖ 0x01 ‖ public key` for Ed25519. */
export const keyHashInput = (name: string, raw: Uint8Array): Bytes => {
  const head = utf8(`${name}\n`);
  const out = new Uint8Array(head.length + 1 + raw.length);
  out.set(head);
  out[head.length] = 1;
  out.set(raw, head.length + 1);
  return out;
};

/** Reads a verifier key `name+hash+base64(0x01 ‖ key)` (C2SP signed-note). Throws with the reason. */
export function parseVkey(vkey: string): { name: string; keyId: string; raw: Bytes } {
  const [, name, keyId, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(vkey.trim()) ?? [];
  if (!name || !keyId || !encoded) throw new Error("not a verifier key (name+hash+key)");
  const bytes = fromBase64(encoded);
  if (bytes[0] !== 1 || bytes.length !== 33) throw new Error("the verifier key is not Ed25519");
  return { name, keyId, raw: bytes.slice(1) };
}
