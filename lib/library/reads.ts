import "server-only";
import { and, desc, eq } from "drizzle-orm";
import { contentRevisions } from "@/db/schema/library";
import { people } from "@/db/schema/org";
import { query } from "@/lib/core/query";
import { insist, Refusal } from "@/lib/core/refusal";
import { changesProposed } from "@/lib/incident-reviews/queries";
import { mayRead } from "@/lib/models/visible";
import { ownInForce, shippedOf } from "./editions";
import { EditionKey, libraryKindName, TextKey } from "./library";
import { mergeTexts } from "./merge";

const missing = (kind: keyof typeof libraryKindName, id: string) =>
  new Refusal("not_found", `The library has no ${libraryKindName[kind]} called ${id}.`);

/** Every edition of a text, newest first, which is in force, and the shipped version that waits to be taken in. */
export const libraryEditions = query({
  name: "content.editions.listed",
  title: "List the editions of a text of the library",
  http: { method: "GET", path: "/library/{kind}/{id}" },
  input: EditionKey,
  run: async (read, { kind, id }, actor) => {
    insist(mayRead(actor));
    const shipped = shippedOf(kind, id);
    const own = await read
      .select({
        version: contentRevisions.version,
        revision: contentRevisions.revision,
        digest: contentRevisions.digest,
        baseDigest: contentRevisions.baseDigest,
        reason: contentRevisions.reason,
        author: people.name,
        at: contentRevisions.createdAt,
        endedAt: contentRevisions.endedAt,
      })
      .from(contentRevisions)
      .innerJoin(people, eq(people.id, contentRevisions.authorId))
      .where(and(eq(contentRevisions.kind, kind), eq(contentRevisions.contentId, id)))
      .orderBy(desc(contentRevisions.revision));
    const [newest] = shipped;
    if (!newest) throw missing(kind, id);
    const held = own.find((o) => o.endedAt === null) ?? null;
    return {
      kind,
      id,
      title: newest.title,
      shipped: { version: newest.version, digest: newest.digest },
      own: held,
      /** What incidents asked it to say, and nobody has written into it since. */
      proposed: await changesProposed(read, `${kind}/${id}`, actor),
      /** A shipped text came after the one that the own revision was made from. */
      upstream: held !== null && held.baseDigest !== newest.digest,
      editions: [
        ...own.map((o) => ({ ...o, inForce: o === held })),
        ...shipped.map((s) => ({
          version: s.version,
          revision: 0,
          digest: s.digest,
          baseDigest: s.digest,
          reason: "",
          author: s.owner,
          at: new Date(s.published),
          endedAt: null,
          inForce: held === null && s === newest,
        })),
      ],
    };
  },
});

/** The exact file of one edition by its digest, whether it is in force or not: what an adoption or approval cites stays readable. */
export const libraryText = query({
  name: "content.text.read",
  title: "Read one edition of a text of the library",
  http: { method: "GET", path: "/library/{kind}/{id}/texts/{digest}" },
  input: TextKey,
  run: async (read, { kind, id, digest }, actor) => {
    insist(mayRead(actor));
    const shipped = shippedOf(kind, id).find((s) => s.digest === digest);
    if (shipped)
      return { kind, id, digest, version: shipped.version, revision: 0, text: shipped.bytes.toString("utf8") };
    const of = and(eq(contentRevisions.kind, kind), eq(contentRevisions.contentId, id));
    const [own] = await read
      .select()
      .from(contentRevisions)
      .where(and(of, eq(contentRevisions.digest, digest)))
      .limit(1);
    if (own)
      return { kind, id, digest, version: own.version, revision: own.revision, text: own.content.toString("utf8") };
    // A base that this build does not ship any more is kept with the revisions that were made from it.
    const [base] = await read
      .select()
      .from(contentRevisions)
      .where(and(of, eq(contentRevisions.baseDigest, digest)))
      .limit(1);
    if (base) return { kind, id, digest, version: base.version, revision: 0, text: base.base.toString("utf8") };
    throw new Refusal("not_found", `The ${libraryKindName[kind]} ${id} has no text with this digest.`);
  },
});

/** What the own revision becomes with the newest shipped text: a three-way merge over the text that it was made from. */
export const libraryMerge = query({
  name: "content.merge.read",
  title: "Merge the newest shipped text into the own revision",
  http: { method: "GET", path: "/library/{kind}/{id}/merge" },
  input: EditionKey,
  run: async (read, { kind, id }, actor) => {
    insist(mayRead(actor));
    const [shipped] = shippedOf(kind, id);
    if (!shipped) throw missing(kind, id);
    const own = await ownInForce(read, kind, id);
    if (!own || own.baseDigest === shipped.digest)
      throw new Refusal("conflict", "No shipped change waits: the text in force is over the newest shipped version.");
    const merged = mergeTexts(
      {
        own: own.content.toString("utf8"),
        base: own.base.toString("utf8"),
        shipped: shipped.bytes.toString("utf8"),
      },
      {
        own: `own revision ${own.revision}`,
        base: `shipped version ${own.version}`,
        shipped: `shipped version ${shipped.version}`,
      },
    );
    return { kind, id, over: own.digest, merges: shipped.digest, version: shipped.version, ...merged };
  },
});
