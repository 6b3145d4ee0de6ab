import "server-only";
import { randomBytes } from "node:crypto";
import { and, eq, isNull } from "drizzle-orm";
import type { Reader, Tx } from "@/db/client";
import { people } from "@/db/schema/org";
import { signingRequests } from "@/db/schema/signing";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { codeOf } from "./code";
import { hosts } from "./hosts";
import { inTotoType, pae } from "./pae";
import type { SigningPurpose } from "./purpose";
import { sha256 } from "./sha256";

/** How long a link to the signing page lives. */
export const linkMinutes = 10;

export type SigningRequest = typeof signingRequests.$inferSelect & { personName: string };

const hashOf = (token: string): Buffer => sha256(Buffer.from(token));

/** Opens a one-time link to the signing page for one person. The token is returned once; only its hash is kept. */
export async function openSigningRequest(
  tx: Tx,
  request: {
    purpose: SigningPurpose;
    personId: string;
    payload: Buffer;
    context: string;
    releaseId: string | null;
    now: Date;
  },
): Promise<{ id: string; token: string; url: string; code: string; expiresAt: Date }> {
  const id = newId();
  const token = randomBytes(32).toString("base64url");
  const expiresAt = new Date(request.now.getTime() + linkMinutes * 60_000);
  const code = request.purpose !== "enrol" ? codeOf(sha256(pae(inTotoType, request.payload))) : "";
  await tx.insert(signingRequests).values({
    id,
    tokenHash: hashOf(token),
    purpose: request.purpose,
    personId: request.personId,
    payload: request.payload,
    context: request.context,
    releaseId: request.releaseId,
    code,
    createdAt: request.now,
    expiresAt,
  });
  return { id, token, url: `${hosts().sign}/sign/${token}`, code, expiresAt };
}

/** A link that still works; refuses with `gone` and the way back when it does not. */
export async function signingRequestBy(
  read: Reader,
  token: string,
  purpose: SigningPurpose | null,
  now: Date,
): Promise<SigningRequest> {
  const [found] = await read
    .select({ request: signingRequests, personName: people.name, active: people.active })
    .from(signingRequests)
    .innerJoin(people, eq(people.id, signingRequests.personId))
    .where(eq(signingRequests.tokenHash, hashOf(token)));
  if (!found || (purpose !== null && found.request.purpose !== purpose))
    throw new Refusal("not_found", "This signing link is not known. Open a new one from the page you came from.");
  const { request } = found;
  if (!found.active) throw new Refusal("forbidden", "This account is deactivated.");
  if (request.declinedAt)
    throw new Refusal("gone", "You declined to sign here. Open a new link if you changed your mind.");
  if (request.usedAt) throw new Refusal("gone", "This signing link was used already. Each link signs once.");
  if (request.expiresAt <= now)
    throw new Refusal(
      "gone",
      `This signing link has expired: links live ${linkMinutes} minutes. Open a new one from the page you came from.`,
    );
  return { ...request, personName: found.personName };
}

/** The challenge of navigator.credentials.create() for an enrolment link: 32 bytes that only this link has. */
export const creationChallenge = (request: { tokenHash: Buffer }): Buffer => request.tokenHash;

/** Uses up a link; of two that race, one is refused. */
export async function spendLink(tx: Tx, request: { id: string }, now: Date, declined = false): Promise<void> {
  const [used] = await tx
    .update(signingRequests)
    .set(declined ? { declinedAt: now } : { usedAt: now })
    .where(and(eq(signingRequests.id, request.id), isNull(signingRequests.usedAt), isNull(signingRequests.declinedAt)))
    .returning({ id: signingRequests.id });
  if (!used) throw new Refusal("conflict", "This signing link was used a moment ago.");
}
