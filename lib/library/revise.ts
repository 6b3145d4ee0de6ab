import "server-only";
import { createHash } from "node:crypto";
import { and, eq, isNull, max } from "drizzle-orm";
import type { Reader, Tx } from "@/db/client";
import { contentRevisions } from "@/db/schema/library";
import { compileCheck } from "@/lib/checks/check";
import { factsEnv } from "@/lib/checks/facts-env";
import { parsePattern } from "@/lib/content/texts";
import { command, type Done, type Unchanged } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { mayManage } from "@/lib/patterns/adoption";
import { ownInForce, shippedOf } from "./editions";
import { editionName, type LibraryKind, libraryKindName, Revert, Revise, textFaults } from "./library";

type Revised = { kind: LibraryKind; id: string; version: number; revision: number; digest: string };

/** The newest shipped text and the own revision that is in force over it; refuses what the library does not hold. */
async function standing(read: Reader, kind: LibraryKind, id: string) {
  const [shipped] = shippedOf(kind, id);
  if (!shipped) throw new Refusal("not_found", `The library has no ${libraryKindName[kind]} called ${id}.`);
  return { shipped, own: await ownInForce(read, kind, id) };
}

function mustBeInForce(now: string, over: string): void {
  if (now !== over)
    throw new Refusal("conflict", "Another text is in force since. Reload, and take its changes in.", [
      { field: "over", message: "Not in force any more." },
    ]);
}

const end = async (tx: Tx, kind: LibraryKind, id: string, digest: string, now: Date): Promise<void> => {
  const ended = await tx
    .update(contentRevisions)
    .set({ endedAt: now })
    .where(
      and(
        eq(contentRevisions.kind, kind),
        eq(contentRevisions.contentId, id),
        eq(contentRevisions.digest, digest),
        isNull(contentRevisions.endedAt),
      ),
    )
    .returning({ id: contentRevisions.id });
  if (!ended[0]) throw new Refusal("conflict", "Another text is in force since. Reload, and take its changes in.");
};

/** The first conformance check of a pattern that is no CEL over facts; null when all compile. */
function checkFault(kind: LibraryKind, text: string): string | null {
  if (kind !== "pattern") return null;
  for (const { id, check } of parsePattern(text).checks) {
    const compiled = check === null ? null : compileCheck(check, factsEnv);
    if (compiled?.ok === false) return `checks: ${id}: ${compiled.message}`;
  }
  return null;
}

/**
 * Puts the organisation's own text in force over the shipped one. Nothing that was pinned moves: a revision is a new digest, and
 * who follows the older text is behind it.
 */
export const reviseContent = command({
  name: "content.revised",
  title: "Revise a text of the library",
  http: { method: "POST", path: "/library/{kind}/{id}/revisions", status: 201 },
  input: Revise,
  load: (tx, input) => standing(tx, input.kind, input.id),
  may: (actor) => mayManage(actor),
  run: async (tx, { input, subject: { shipped, own }, actor, now }): Promise<Done<Revised> | Unchanged<Revised>> => {
    const { kind, id } = input;
    const content = Buffer.from(input.content);
    const digest = createHash("sha256").update(content).digest("hex");
    if (own?.digest === digest && (input.merges ?? own.baseDigest) === own.baseDigest)
      return { unchanged: { kind, id, version: own.version, revision: own.revision, digest } };
    mustBeInForce(own?.digest ?? shipped.digest, input.over);
    if (input.merges !== undefined && input.merges !== shipped.digest)
      throw new Refusal("conflict", "Another version was shipped since. Reload, and merge that one.", [
        { field: "merges", message: "Not the newest shipped text." },
      ]);
    // What is written over the shipped text, or takes it in, has it as its base; an edit of an own revision keeps its base.
    const over =
      own && input.merges === undefined
        ? { version: own.version, digest: own.baseDigest, bytes: own.base }
        : { version: shipped.version, digest: shipped.digest, bytes: shipped.bytes };
    if (digest === shipped.digest)
      throw new Refusal(
        "conflict",
        "This is the shipped text. Go back to it instead, so that later versions apply again.",
        [{ field: "content", message: "Is the shipped text." }],
      );
    const fault = textFaults(kind, input.content, id, over.version)[0] ?? checkFault(kind, input.content);
    if (fault) throw new Refusal("invalid", `content: ${fault}`, [{ field: "content", message: fault }]);
    if (own) await end(tx, kind, id, own.digest, now);
    const [last] = await tx
      .select({ n: max(contentRevisions.revision) })
      .from(contentRevisions)
      .where(and(eq(contentRevisions.kind, kind), eq(contentRevisions.contentId, id)));
    const revision = (last?.n ?? 0) + 1;
    const row = newId();
    await tx.insert(contentRevisions).values({
      id: row,
      kind,
      contentId: id,
      version: over.version,
      revision,
      digest,
      content,
      baseDigest: over.digest,
      base: over.bytes,
      reason: input.reason,
      authorId: actor.id,
      createdAt: now,
    });
    return {
      result: { kind, id, version: over.version, revision, digest },
      entry: {
        subject: { kind: "content", id: row, ref: `${kind}/${id}` },
        summary: `${input.merges === undefined ? "revised" : `merged shipped version ${shipped.version} into`} the ${libraryKindName[kind]} ${id}: ${editionName({ version: over.version, revision })}, ${input.reason}`,
        body: {
          kind,
          id,
          version: over.version,
          revision,
          digest,
          bytes: content.length,
          base: over.digest,
          replaced: input.over,
          reason: input.reason,
        },
      },
    };
  },
});

/** Gives the own revision up: the newest shipped text is in force again. The revision stays readable by its digest. */
export const revertContent = command({
  name: "content.reverted",
  title: "Go back to the shipped text",
  http: { method: "POST", path: "/library/{kind}/{id}/revert" },
  input: Revert,
  load: (tx, input) => standing(tx, input.kind, input.id),
  may: (actor) => mayManage(actor),
  run: async (tx, { input, subject: { shipped, own }, now }) => {
    const { kind, id } = input;
    if (!own) throw new Refusal("conflict", `The shipped ${libraryKindName[kind]} ${id} is in force already.`);
    mustBeInForce(own.digest, input.over);
    await end(tx, kind, id, own.digest, now);
    return {
      result: { kind, id, version: shipped.version, revision: 0, digest: shipped.digest },
      entry: {
        subject: { kind: "content", id: own.id, ref: `${kind}/${id}` },
        summary: `went back to shipped version ${shipped.version} of the ${libraryKindName[kind]} ${id}: ${input.reason}`,
        body: { kind, id, version: shipped.version, digest: shipped.digest, gaveUp: own.digest, reason: input.reason },
      },
    };
  },
});
