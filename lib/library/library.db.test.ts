import { createHash } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { contentRevisions } from "@/db/schema/library";
import { logEntries } from "@/db/schema/log";
import { loadContent, newest, type Pattern } from "@/lib/content/load";
import { newId } from "@/lib/core/ids";
import { getGuide } from "@/lib/guidance/reads";
import { adoptPattern } from "@/lib/patterns/adopt";
import { adoptionList } from "@/lib/patterns/adoption-queries";
import { getPattern, modelPattern } from "@/lib/patterns/reads";
import { search } from "@/lib/search/queries";
import { testDatabase } from "@/lib/testing/database";
import { testReleases } from "@/lib/testing/releases";
import { libraryEditions, libraryMerge, libraryText } from "./reads";
import { revertContent, reviseContent } from "./revise";

let t: Awaited<ReturnType<typeof testDatabase>>;
let world: Awaited<ReturnType<typeof testReleases>>;
beforeAll(async () => {
  t = await testDatabase();
  world = await testReleases(t.db);
});
afterAll(() => t.drop());

const kind = "pattern" as const;
const shipped = (id: string): Pattern => {
  const found = newest(loadContent().patterns, id);
  if (!found) throw new Error(`no pattern ${id}`);
  return found;
};
const textOf = (p: Pattern) => p.bytes.toString("utf8");
const digestOf = (text: string) => createHash("sha256").update(text).digest("hex");
const reason = "Our lakehouse has two regions.";

test("an own revision is in force, with its author and reason; what follows the shipped text is behind it and stays readable", async () => {
  const id = "online-inference-kubernetes";
  const { digest: over, version } = shipped(id);
  const { name } = await world.model();
  await adoptPattern(world.owner, { name, pattern: id });
  const content = `${textOf(shipped(id))}\n## With us\n\nOnly the two clusters of the platform team.\n`;
  const made = await reviseContent(world.architect, { kind, id, content, reason, over });
  expect(made).toMatchObject({ version, revision: 1, digest: digestOf(content) });
  expect(await getPattern(world.owner, { id })).toMatchObject({ digest: made.digest, revision: 1, inForce: true });
  expect(await getPattern(world.owner, { id, digest: over })).toMatchObject({
    digest: over,
    revision: 0,
    inForce: false,
  });
  expect(await libraryEditions(world.owner, { kind, id })).toMatchObject({
    own: { revision: 1, author: "Milan Novak", reason, baseDigest: over },
    upstream: false,
  });

  const row = async () => (await adoptionList(world.owner, { pattern: id })).items.find((r) => r.key === name);
  expect(await row()).toMatchObject({ digest: over, drift: "behind", behind: 1 });
  await adoptPattern(world.owner, { name, pattern: id });
  expect(await row()).toMatchObject({ digest: made.digest, drift: "current" });
  expect((await modelPattern(world.owner, { name })).requirements.length).toBeGreaterThan(0);

  const next = content.replace("two clusters", "three clusters");
  await expect(reviseContent(world.architect, { kind, id, content: next, reason, over })).rejects.toMatchObject({
    code: "conflict",
    faults: [{ field: "over" }],
  });
  const second = await reviseContent(world.architect, { kind, id, content: next, reason, over: made.digest });
  expect(second.revision).toBe(2);
  expect(await row()).toMatchObject({ drift: "behind", behind: 1 });
  expect((await libraryText(world.owner, { kind, id, digest: made.digest })).text).toBe(content);

  await revertContent(world.architect, { kind, id, over: second.digest, reason: "The clusters are gone." });
  expect(await getPattern(world.owner, { id })).toMatchObject({ digest: over, revision: 0 });
  expect(await row()).toMatchObject({ digest: made.digest, drift: "behind", behind: 1 });
  await expect(
    revertContent(world.architect, { kind, id, over: second.digest, reason: "The clusters are gone." }),
  ).rejects.toMatchObject({ code: "conflict" });
  const again = await reviseContent(world.architect, { kind, id, content, reason, over });
  expect(again).toMatchObject({ digest: made.digest, revision: 3 });
  expect((await adoptionList(world.owner, { pattern: id })).items.filter((r) => r.key === name)).toMatchObject([
    { drift: "current", behind: 0 },
  ]);
  const logged = await t.db
    .select()
    .from(logEntries)
    .where(eq(logEntries.subjectRef, `${kind}/${id}`));
  expect(logged.map((e) => e.name)).toEqual([
    "content.revised",
    "content.revised",
    "content.reverted",
    "content.revised",
  ]);
});

test("a shipped change under an own revision is merged over the text that it was made from", async () => {
  const id = "batch-scoring-lakehouse";
  const [v2, v1] = loadContent().patterns.filter((p) => p.id === id);
  if (!v1 || !v2) throw new Error("two shipped versions are needed");
  // As an earlier build left it, when version 1 was the newest.
  const own = textOf(v1).replace(/^# .*$/m, "# Batch scoring, as we do it");
  await t.db.insert(contentRevisions).values({
    id: newId(),
    kind,
    contentId: id,
    version: 1,
    revision: 1,
    digest: digestOf(own),
    content: Buffer.from(own),
    baseDigest: v1.digest,
    base: v1.bytes,
    reason,
    authorId: world.architect.actor.id,
    createdAt: world.now.at,
  });
  expect(await getPattern(world.owner, { id })).toMatchObject({ version: 1, revision: 1 });
  expect(await libraryEditions(world.owner, { kind, id })).toMatchObject({ upstream: true, shipped: { version: 2 } });
  const merged = await libraryMerge(world.owner, { kind, id });
  expect(merged).toMatchObject({ over: digestOf(own), merges: v2.digest, version: 2 });
  const resolved = merged.text
    .replaceAll(/<{7} .*\n([\s\S]*?)\|{7} .*\n[\s\S]*?=======\n[\s\S]*?>{7} .*\n?/g, "$1")
    .replace(/^version: .*$/m, "version: 2");
  if (merged.conflicts > 0)
    await expect(
      reviseContent(world.architect, {
        kind,
        id,
        content: merged.text,
        reason,
        over: merged.over,
        merges: merged.merges,
      }),
    ).rejects.toMatchObject({ code: "invalid", message: expect.stringContaining("Resolve the conflict at line") });
  const made = await reviseContent(world.architect, {
    kind,
    id,
    content: resolved,
    reason,
    over: merged.over,
    merges: merged.merges,
  });
  expect(made).toMatchObject({ version: 2, revision: 2 });
  expect(resolved).toContain("# Batch scoring, as we do it");
  expect(await libraryEditions(world.owner, { kind, id })).toMatchObject({
    upstream: false,
    own: { baseDigest: v2.digest },
  });
  await expect(libraryMerge(world.owner, { kind, id })).rejects.toMatchObject({ code: "conflict" });
  await expect(t.db.update(contentRevisions).set({ reason: "Another." })).rejects.toThrow();
});

test("only architects revise; a text that is no such pattern, or is the shipped one, is refused in words", async () => {
  const id = "personalisation";
  const now = shipped(id);
  const given = { kind, id, reason, over: now.digest };
  const content = `${textOf(now)}\nWith us.\n`;
  for (const ctx of [world.owner, world.security, world.service("ci")])
    await expect(reviseContent(ctx, { ...given, content })).rejects.toMatchObject({ code: "forbidden" });
  const refused = async (text: string) =>
    reviseContent(world.architect, { ...given, content: text }).then(
      () => "taken",
      (error: Error) => error.message,
    );
  expect(await refused(textOf(now))).toContain("Go back to it instead");
  expect(await refused("no front matter")).toContain("starts with no front matter");
  expect(await refused(content.replace("version: 1", "version: 7"))).toContain("version: keep 1");
  expect(await refused(content.replace(`id: ${id}`, "id: other"))).toContain(`id: keep ${id}`);
  expect(await refused(content.replace(/^owner: .*\n/m, ""))).toMatch(/^content: owner/);
  expect(await refused(content.replace(/check: "[^"]*"/, 'check: "no.such.fact > ("'))).toMatch(/^content: checks: /);
  await expect(reviseContent(world.architect, { ...given, id: "no-such", content })).rejects.toMatchObject({
    code: "not_found",
  });
  const later = await reviseContent(world.architect, { ...given, content });
  expect(await reviseContent(world.architect, { ...given, content })).toEqual(later);
});

test("a standard is revised the same way, and its page reads the text in force", async () => {
  const guide = newest(loadContent().guides, "naming");
  if (!guide) throw new Error("no guide");
  const content = `${guide.bytes.toString("utf8")}\nOur prefix is hal.\n`;
  const given = { kind: "standard" as const, id: "naming", content, reason, over: guide.digest };
  const made = await reviseContent(world.architect, given);
  expect(await getGuide(world.owner, { id: "naming" })).toMatchObject({
    digest: made.digest,
    revision: 1,
    inForce: true,
  });
  expect(await getGuide(world.owner, { id: "naming", digest: guide.digest })).toMatchObject({ revision: 0 });
});

test("search finds an own revision by its title and words in place of the shipped text, until it is given up", async () => {
  const id = "caching";
  const found = async (q: string) =>
    (await search(world.owner, { q })).hits.filter((h) => h.href === `/guidance/${id}`).map((h) => [h.title, h.detail]);
  const text = newest(loadContent().guides, id);
  if (!text) throw new Error("There is no playbook on caching any more.");
  expect(await found(text.title)).toEqual([[text.title, "playbook"]]);
  expect(await found("zeppelin")).toEqual([]);
  const content = `${text.bytes.toString("utf8").replace(text.title, "Zeppelin caches")}\n## With us\n\nAsk the quartermaster.\n`;
  const { digest } = await reviseContent(world.architect, { kind: "playbook", id, content, reason, over: text.digest });
  expect(await found("zeppelin")).toEqual([["Zeppelin caches", "playbook, own revision 1"]]);
  expect(await found("quartermaster")).toEqual([["Zeppelin caches", "playbook, own revision 1"]]);
  // The id still leads to it, and only to it.
  expect(await found(id)).toEqual([["Zeppelin caches", "playbook, own revision 1"]]);
  await revertContent(world.architect, { kind: "playbook", id, over: digest, reason: "Said elsewhere now." });
  expect(await found("quartermaster")).toEqual([]);
  expect(await found(text.title)).toEqual([[text.title, "playbook"]]);
});
