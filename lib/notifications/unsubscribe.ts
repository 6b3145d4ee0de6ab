import "server-only";
import type { Db } from "@/db/client";
import { byPerson } from "@/lib/auth/identify";
import { derivedKey } from "@/lib/config/seal";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { kindName } from "./notification";
import { lowerMail } from "./preferences";
import { readUnsubscribeToken, unsubscribeKey } from "./unsubscribe-token";

const opened = (token: string) => readUnsubscribeToken(derivedKey(unsubscribeKey), token);

/** What a mail's link turns off, in words; null for a link that this portal did not make. */
export function unsubscribeWords(token: string): string | null {
  const meant = opened(token);
  if (!meant) return null;
  return meant.what === "digest" ? "the daily digest" : `“${kindName[meant.what]}”`;
}

/** Turns it off for whom the link was made. The link's signature is the only authority, and it allows nothing else. */
export async function unsubscribe(db: Db, token: string, now: () => Date): Promise<{ what: string }> {
  const meant = opened(token);
  const actor = meant && (await byPerson(db, meant.personId, now()));
  if (!meant || !actor)
    throw new Refusal("not_found", "This link turns nothing off. Sign in, and choose under My account, Notifications.");
  return lowerMail({ db, actor, now, requestId: newId() }, { what: meant.what });
}
