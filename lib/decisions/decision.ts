import { z } from "zod";
import { type Actor, holds } from "@/lib/core/actor";
import { manyOf } from "@/lib/core/many";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import { day } from "@/lib/core/when";
import { whole } from "@/lib/core/whole";
import { assumptionStates } from "@/lib/decision-checks/assumption";
import { type AdrStatus, adrStatuses } from "./madr";

/** A record may be long, a book may not. Characters, checked before parsing. */
export const maxRecord = 100_000;

export const AdrRef = z
  .string()
  .trim()
  .max(60)
  .regex(
    /^(ADR-\d{1,9}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/i,
    "Use a reference like ADR-0061.",
  );
const Content = z
  .string()
  .min(1, "Write the record: a title and what was decided.")
  .max(maxRecord, `A record has at most ${maxRecord} characters. Put long material into attachments.`)
  // Unpaired surrogates would become other bytes on the way to UTF-8, and the digest is over bytes.
  .refine((text) => !/\p{Surrogate}/u.test(text), "The text is not valid Unicode.");
const ModelName = z.string().trim().min(1).max(255).describe("Name or id of the model the decision is about");
const PatternId = z.string().trim().min(1).max(120).describe("Reference architecture the decision is about");
const Digest = z.string().regex(/^[0-9a-f]{64}$/, "A SHA-256 digest has 64 hexadecimal digits.");
const Reason = z.string().trim().min(10, "Say why in at least 10 characters.").max(2000);

export const NewAdr = z.strictObject({ content: Content, model: ModelName.optional(), pattern: PatternId.optional() });
export const ReviseAdr = z.strictObject({
  ref: AdrRef,
  content: Content,
  basedOn: whole(z.number().int().min(1).max(1_000_000)).describe("Number of the revision that was edited"),
});
export const LinkAdr = z.strictObject({ ref: AdrRef, model: ModelName.nullish(), pattern: PatternId.nullish() });
export const AcceptAdr = z.strictObject({
  ref: AdrRef,
  digest: Digest.describe("Digest of the revision that was read"),
  reviewBy: day().optional(),
});
export const ReaffirmAdr = z.strictObject({
  ref: AdrRef,
  digest: Digest.describe("Digest of the accepted revision that was looked at again"),
  reviewBy: day().describe("When to look at it again"),
  note: z.string().trim().min(10, "Say in at least 10 characters why it still holds.").max(2000),
});
export const RejectAdr = z.strictObject({ ref: AdrRef, digest: Digest, reason: Reason });
export const DeprecateAdr = z.strictObject({ ref: AdrRef, reason: Reason });
export const SupersedeAdr = z.strictObject({ ref: AdrRef, by: AdrRef });
export const ImportAdrs = z.strictObject({
  files: z
    .array(z.strictObject({ name: z.string().trim().min(1).max(500), content: Content }))
    .min(1, "Send at least one file.")
    .max(200, "Send at most 200 files at once."),
  collection: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .default("files")
    .describe("Names where the files come from: the same name in the same collection is the same record"),
  model: ModelName.optional(),
  dryRun: z.boolean().default(false).describe("Say what would become of each file, and write nothing"),
});
/**
 * What becomes of a file: `new` a record begins; `revised` a proposed record takes over the changed text; `drift` the record was
 * signed off, so that its text stays and the difference is shown; `unchanged` nothing.
 */
export const fates = ["new", "revised", "drift", "unchanged"] as const;
export type Fate = (typeof fates)[number];

/** How the file that a record comes from may stand apart from it. */
export const fileStates = ["drift", "removed", "refused"] as const;

export const FindAdrs = z.strictObject({
  q: z.string().trim().max(200).optional(),
  status: manyOf(z.enum(adrStatuses)),
  model: ModelName.optional(),
  pattern: manyOf(PatternId),
  unit: manyOf(z.uuid()),
  author: manyOf(z.uuid()).describe("Ids of people or tokens who wrote the first revision"),
  year: manyOf(whole(z.number().int().min(1900).max(2200))).describe("Years in which the records were proposed, UTC"),
  file: manyOf(z.enum(fileStates)).describe("Records whose file at a source is in this state"),
  check: manyOf(z.enum(assumptionStates)).describe("Records in force with a check in this state"),
  facets: z
    .union([z.boolean(), z.stringbool()])
    .default(true)
    .describe("false: without the counts by status, pattern, unit, author and year"),
  after: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export const CommentOnAdr = z.strictObject({
  ref: AdrRef,
  section: z.string().trim().min(1).max(120).optional().describe("Anchor of the section it is about, as on the page"),
  text: z.string().trim().min(1, "Write the comment.").max(4000),
});
export const AdrComments = z.strictObject({
  ref: AdrRef,
  after: z.uuid("Use the value of `next` from the page before.").optional(),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});
export const OneRecord = z.strictObject({ ref: AdrRef });
export const OneAdr = z.strictObject({
  ref: AdrRef,
  revision: z.coerce.number().int().min(1).max(1_000_000).optional(),
});

/** What the rules of a record need to know. */
export type AdrSubject = {
  id: string;
  ref: string;
  status: AdrStatus;
  unitId: string | null;
  /** Everyone who wrote any revision. */
  authorIds: readonly string[];
  currentRevision: number;
  digest: string;
  /** Tier of the model it is about; null when it is about none or the tier is not known. */
  tier: number | null;
  confirmation: boolean;
  /** Where its text is kept, when a source is read for it; the file is the truth then. */
  keptIn: { source: string; path: string } | null;
};

/** Where each status may lead. An accepted text never changes again; a new record replaces it. */
export const leadsTo = {
  proposed: ["accepted", "rejected"],
  accepted: ["deprecated", "superseded"],
  rejected: [],
  deprecated: ["superseded"],
  superseded: [],
} as const satisfies { [from in AdrStatus]: readonly AdrStatus[] };

export function mayWrite(actor: Actor, unitId: string | null): Verdict {
  if (!holds(actor, "decisions:write", unitId))
    return no(
      "forbidden",
      "Writing decisions needs the right decisions:write in this business unit. Ask an administrator for it.",
    );
  return yes;
}

export function mayRevise(actor: Actor, adr: AdrSubject): Verdict {
  const write = mayWrite(actor, adr.unitId);
  if (!write.ok) return write;
  if (adr.status !== "proposed")
    return no(
      "conflict",
      `${adr.ref} is ${adr.status}, and its text is locked. Write a new record that supersedes it.`,
    );
  if (adr.keptIn)
    return no(
      "conflict",
      `The text of ${adr.ref} is kept in ${adr.keptIn.path} of ${adr.keptIn.source}. Change it there.`,
    );
  return yes;
}

/** Signed-off records stay open for comments: questions come later too. */
export function mayDiscuss(actor: Actor, unitId: string | null): Verdict {
  if (holds(actor, "decisions:write", unitId) || holds(actor, "reviews:comment", unitId)) return yes;
  return no(
    "forbidden",
    "Commenting needs the right decisions:write or reviews:comment. Architects, board members and model owners have it.",
  );
}

function mayJudge(actor: Actor, adr: AdrSubject, to: AdrStatus, verb: string): Verdict {
  if (actor.kind !== "person") return no("forbidden", `Only a person can ${verb} a decision.`);
  if (!holds(actor, "decisions:accept", adr.unitId))
    return no("forbidden", `Only an ML architect or the chair can ${verb} a decision.`);
  const ways: readonly AdrStatus[] = leadsTo[adr.status];
  if (!ways.includes(to)) return no("conflict", `${adr.ref} is ${adr.status}; it cannot be ${to}.`);
  return yes;
}

export function mayAccept(actor: Actor, adr: AdrSubject): Verdict {
  const judge = mayJudge(actor, adr, "accepted", "accept");
  if (!judge.ok) return judge;
  if (adr.authorIds.includes(actor.id)) return no("forbidden", `You wrote ${adr.ref}; someone else must accept it.`);
  if (adr.tier !== null && adr.tier <= 2 && !adr.confirmation)
    return no(
      "conflict",
      `${adr.ref} is about a tier ${adr.tier} model and has no “Confirmation” section. Say how it will be checked that the decision is followed.`,
    );
  return yes;
}

export const mayReject = (actor: Actor, adr: AdrSubject): Verdict => {
  const judge = mayJudge(actor, adr, "rejected", "reject");
  if (!judge.ok) return judge;
  return adr.authorIds.includes(actor.id) ? no("forbidden", `You wrote ${adr.ref}; someone else must reject it.`) : yes;
};
/** Who wrote an accepted record may say that it still holds; so may whoever could accept it. The text stays as it is. */
export function mayReaffirm(actor: Actor, adr: AdrSubject): Verdict {
  if (actor.kind !== "person") return no("forbidden", "Only a person can say that a decision still holds.");
  if (!holds(actor, "decisions:accept", adr.unitId) && !adr.authorIds.includes(actor.id))
    return no("forbidden", "Only its author, an ML architect or the chair can say that a decision still holds.");
  if (adr.status !== "accepted")
    return no("conflict", `${adr.ref} is ${adr.status}; only an accepted decision can be reaffirmed.`);
  return yes;
}
export const mayDeprecate = (actor: Actor, adr: AdrSubject): Verdict => mayJudge(actor, adr, "deprecated", "deprecate");
export const maySupersede = (actor: Actor, adr: AdrSubject): Verdict => mayJudge(actor, adr, "superseded", "supersede");
