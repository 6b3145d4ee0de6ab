import "server-only";
import { and, asc, eq, gt, sql } from "drizzle-orm";
import { adrComments, adrs } from "@/db/schema/decisions";
import { apiTokens, people } from "@/db/schema/org";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { inReach } from "@/lib/core/in-reach";
import { query } from "@/lib/core/query";
import { Refusal } from "@/lib/core/refusal";
import { AdrComments, CommentOnAdr, mayDiscuss } from "./decision";
import { byRef, lockedAdr } from "./load";
import { parseAdr } from "./madr";
import { sectionAnchors } from "./sections";

export const commentOnAdr = command({
  name: "adr.commented",
  title: "Comment on a decision",
  http: { method: "POST", path: "/decisions/{ref}/comments", status: 201 },
  input: CommentOnAdr,
  load: (tx, { ref }) => lockedAdr(tx, ref),
  may: (actor, adr) => mayDiscuss(actor, adr.unitId),
  async run(tx, { input, subject, actor, now }) {
    const anchors = sectionAnchors(parseAdr(subject.content.toString("utf8")).record.sections);
    const section = input.section ? anchors.find((one) => one.id === input.section) : null;
    if (section === undefined)
      throw new Refusal("invalid", `section: ${subject.ref} has no such section.`, [
        {
          field: "section",
          message: `Choose one of ${anchors.map((one) => one.id).join(", ") || "none: it has no sections"}.`,
        },
      ]);
    const id = newId();
    await tx.insert(adrComments).values({
      id,
      adrId: subject.id,
      revision: subject.currentRevision,
      section: section?.id ?? null,
      sectionTitle: section?.title ?? null,
      authorId: actor.id,
      authorKind: actor.kind,
      text: input.text,
      createdAt: now,
    });
    return {
      result: { id },
      entry: {
        subject: { kind: "adr", id: subject.id, ref: subject.ref },
        modelId: subject.modelId,
        summary: `commented${section ? ` on “${section.title}”` : ""} in ${subject.ref}`,
        body: { comment: id, revision: subject.currentRevision, section: section?.id ?? null, text: input.text },
      },
    };
  },
});

/** What was said about a record, oldest first. `authorKind` tells an agent from a person. */
export const adrDiscussion = query({
  name: "adr.discussion",
  title: "Read the comments on a decision",
  http: { method: "GET", path: "/decisions/{ref}/comments" },
  input: AdrComments,
  async run(read, input, actor) {
    const [adr] = await read
      .select({ id: adrs.id })
      .from(adrs)
      .where(and(byRef(input.ref), inReach(actor, "decisions:read", adrs.businessUnitId)));
    if (!adr) throw new Refusal("not_found", `There is no decision ${input.ref}.`);
    const rows = await read
      .select({
        id: adrComments.id,
        revision: adrComments.revision,
        section: adrComments.section,
        sectionTitle: adrComments.sectionTitle,
        author: sql<string | null>`coalesce(${people.name}, ${apiTokens.name})`,
        authorKind: adrComments.authorKind,
        text: adrComments.text,
        createdAt: adrComments.createdAt,
      })
      .from(adrComments)
      .leftJoin(people, eq(people.id, adrComments.authorId))
      .leftJoin(apiTokens, eq(apiTokens.id, adrComments.authorId))
      .where(and(eq(adrComments.adrId, adr.id), input.after ? gt(adrComments.id, input.after) : undefined))
      .orderBy(asc(adrComments.id))
      .limit(input.limit + 1);
    const items = rows.slice(0, input.limit);
    return { items, next: rows.length > input.limit ? (items.at(-1)?.id ?? null) : null };
  },
});
