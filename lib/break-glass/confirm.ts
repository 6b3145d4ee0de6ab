import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import type { Reader, Tx } from "@/db/client";
import { breakGlasses } from "@/db/schema/break-glass";
import { localDay } from "@/lib/calendars/calendar";
import { calendarOfUnit } from "@/lib/calendars/find";
import type { Actor } from "@/lib/core/actor";
import { addBusinessDays } from "@/lib/core/business-days";
import { command } from "@/lib/core/command";
import { no, Refusal } from "@/lib/core/refusal";
import { roleName, roles } from "@/lib/core/rights";
import { sayMinute } from "@/lib/core/say-day";
import { keyToSignWith, openSignature, Signed, takeSignature } from "@/lib/credentials/signature";
import { requirePolicy } from "@/lib/releases/load";
import { projectGate } from "@/lib/releases/project";
import { inSentence } from "@/lib/releases/words";
import { hosts } from "@/lib/signing/hosts";
import { type SigningRequest, signingRequestBy } from "@/lib/signing/requests";
import { brief, confirmingRole, mayConfirmGlass, PrepareConfirmation, reviewWithinDays } from "./break-glass";
import { aboutGlass, glassBy, glassFacts, type LoadedGlass, lockedGlass } from "./load";
import { confirmedStatement } from "./statements";

/** What the open signing request remembers beside the statement. */
const Context = z.strictObject({
  ref: z.string(),
  role: z.enum(roles),
  until: z.iso.datetime(),
  credentialId: z.uuid(),
});

/** The break-glass that an open link is about. */
export const glassOfLink = (read: Reader, request: SigningRequest, actor: Actor, now: Date): Promise<LoadedGlass> =>
  glassBy(read, Context.parse(JSON.parse(request.context)).ref, actor, now);

/** The artefact and the policy are what they were when it was asked for; otherwise what would be signed is not what was asked. */
function insistUnchanged({ row, release }: LoadedGlass): void {
  if (release.versionDigest !== row.digest || release.row.digest !== row.digest)
    throw new Refusal(
      "conflict",
      "The artefact changed after this was asked for. Bring the release up to date, and ask again for the artefact that is to serve.",
    );
  if (row.hours > requirePolicy(row.environment).breakGlass.maximumHours)
    throw new Refusal("conflict", "The policy now allows fewer hours than were asked for. Ask again.");
}

/** Words what the second person confirms, and opens the signing page for it. */
export const prepareConfirmation = command({
  name: "break_glass.confirmation.prepared",
  title: "Prepare the confirmation of a break-glass",
  http: { method: "POST", path: "/break-glass/{ref}/confirmation", status: 201 },
  input: PrepareConfirmation,
  load: (tx, { ref }, actor, now) => glassBy(tx, ref, actor, now),
  may: mayConfirmGlass,
  run: async (tx, { input, subject, actor, now }) => {
    insistUnchanged(subject);
    const role = confirmingRole(actor, subject.businessUnitId);
    if (!role) throw new Error(`${actor.id} holds the right through no role`);
    const key = await keyToSignWith(tx, actor, input.credential);
    const until = new Date(now.getTime() + subject.row.hours * 3_600_000);
    const statement = confirmedStatement(hosts(), glassFacts(subject), {
      requestedSha256: subject.row.statementSha256.toString("hex"),
      confirmer: { id: actor.id, name: actor.name, role, roleName: roleName[role], kid: key.kid },
      issuedAt: now,
      expiresAt: until,
    });
    const { opened, requestId } = await openSignature(tx, {
      purpose: "break_glass",
      payload: statement.payload,
      key,
      context: { ref: subject.ref, role, until: until.toISOString() },
      now,
    });
    return {
      result: { ref: subject.ref, role, until: until.toISOString(), ...opened },
      entry: {
        ...aboutGlass(subject.row),
        summary: `opened the signing page to confirm ${subject.ref} as ${inSentence(roleName[role])}`,
        body: { role, until: until.toISOString(), request: requestId, paeSha256: opened.paeSha256 },
      },
    };
  },
});

/** Records the second person's signature: from now until the instant it names, the gate lets this artefact through. */
export const confirmGlass = command({
  name: "break_glass.confirmed",
  title: "Record the confirmation of a break-glass",
  http: { method: "POST", path: "/break-glass/confirmations", status: 201 },
  input: Signed,
  load: async (tx, { token }, actor, now) => {
    // Whether the link has expired is checked in `run`, where the clock is.
    const request = await signingRequestBy(tx, token, "break_glass", new Date(0));
    const context = Context.parse(JSON.parse(request.context));
    return { request, context, glass: await lockedGlass(tx, context.ref, actor, now) };
  },
  may: (actor, { request, context, glass }) => {
    if (actor.id !== request.personId) return no("forbidden", "This link is another person's.");
    const verdict = mayConfirmGlass(actor, glass);
    if (!verdict.ok) return verdict;
    return actor.grants.some((g) => g.role === context.role)
      ? verdict
      : no("forbidden", `You no longer hold the role ${inSentence(roleName[context.role])}. Open a new link.`);
  },
  run: async (tx, { input, subject: { context, glass }, actor, now }) => {
    const request = await signingRequestBy(tx, input.token, "break_glass", now);
    insistUnchanged(glass);
    const signed = await takeSignature(tx, { input, request, credentialId: context.credentialId, actor, now });
    const until = new Date(context.until);
    const due = await reviewDue(tx, glass.businessUnitId, now);
    const [open] = await tx
      .update(breakGlasses)
      .set({
        confirmedBy: actor.id,
        confirmedAs: context.role,
        confirmedAt: now,
        confirmationSha256: signed.statement,
        credentialId: signed.key.id,
        until,
        reviewDueOn: due,
      })
      .where(and(eq(breakGlasses.id, glass.id), isNull(breakGlasses.confirmedAt), isNull(breakGlasses.endedAt)))
      .returning({ id: breakGlasses.id });
    if (!open) throw new Refusal("conflict", `${glass.ref} was confirmed or withdrawn a moment ago. Reload it.`);
    await projectGate(tx, glass.release, now);
    const { model, version, environment } = glass.release;
    return {
      result: { ref: glass.ref, state: "open" as const, until: until.toISOString(), reviewDueOn: due },
      entry: {
        ...aboutGlass(glass.row),
        summary: `broke the glass with ${glass.requesterName}: ${model} ${version} may go to ${environment} until ${sayMinute(until)}. ${brief(glass.row.justification)}`,
        body: {
          release: glass.release.ref,
          digest: glass.row.digest,
          environment,
          requestedBy: glass.requestedBy,
          confirmedAs: context.role,
          until: until.toISOString(),
          reviewDueOn: due,
          passes: glass.row.passes,
          justification: glass.row.justification,
          credential: signed.key.kid,
          keyKind: signed.key.kind,
          statement: signed.statement.toString("hex"),
        },
      },
      signatures: [signed.leaf],
    };
  },
});

/** Counted in the working days of the model's unit. */
async function reviewDue(tx: Tx, unitId: string | null, now: Date) {
  const { calendar } = await calendarOfUnit(tx, unitId);
  return addBusinessDays(localDay(calendar, now), reviewWithinDays, calendar);
}
