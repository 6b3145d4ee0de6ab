import { createHmac, timingSafeEqual } from "node:crypto";
import { type NoticeKind, noticeKinds } from "./notification";

/** What a mail's link turns off, and for whom: one kind, or the daily digest. */
export type Unsubscribe = { personId: string; what: NoticeKind | "digest" };

/** Names the key that signs these tokens, derived from the portal's. */
export const unsubscribeKey = "unsubscribe";

const mac = (key: Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();

/** A token that turns off one thing for one person and can do nothing else; it does not run out, as old mails are opened late. */
export function unsubscribeToken(key: Buffer, { personId, what }: Unsubscribe): string {
  const text = `${personId}.${what}`;
  return `${text}.${mac(key, text).toString("base64url")}`;
}

export function readUnsubscribeToken(key: Buffer, token: string): Unsubscribe | null {
  const [, personId = "", what = "", given = ""] = /^([0-9a-f-]{36})\.([a-z]{3,20})\.([\w-]{43})$/.exec(token) ?? [];
  const wanted = mac(key, `${personId}.${what}`);
  const bytes = Buffer.from(given, "base64url");
  if (bytes.length !== wanted.length || !timingSafeEqual(bytes, wanted)) return null;
  const kind = noticeKinds.find((one) => one === what) ?? (what === "digest" ? what : null);
  return kind && { personId, what: kind };
}
