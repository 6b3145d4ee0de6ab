import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { myQueue } from "@/lib/queue/queries";
import { type Board, testBoard } from "@/lib/testing/board";
import { testDatabase } from "@/lib/testing/database";
import { findAdrs } from "./find";
import { adrGraph } from "./graph";
import { acceptAdr, deprecateAdr, reaffirmAdr, rejectAdr, supersedeAdr } from "./judge";
import { getAdr } from "./queries";
import { proposeAdr, reviseAdr } from "./write";

let t: Awaited<ReturnType<typeof testDatabase>>;
let b: Board;
beforeAll(async () => {
  t = await testDatabase();
  b = await testBoard(t.db);
});
afterAll(() => t.drop());

const text = (title: string, more = "") =>
  `# ${title}\n\n## Context and Problem Statement\nWhy.\n\n## Decision Outcome\nThis.\n\n### Confirmation\nA check.\n${more}`;
const propose = async (title: string, extra: { model?: string } = {}) =>
  proposeAdr(b.as("owner"), { content: text(title), ...extra });
const entries = async () =>
  Number((await t.db.execute<{ n: string }>(sql`select count(*) as n from log_entry`)).rows[0]?.n);

test("the digest is over the exact bytes, and saving them again writes nothing", async () => {
  const content = text("Exact bytes", "\r\ntrailing  \n\n");
  const adr = await proposeAdr(b.as("owner"), { content });
  expect(adr.digest).toBe(createHash("sha256").update(content).digest("hex"));
  const before = await entries();
  expect(await reviseAdr(b.as("owner"), { ref: adr.ref, content, basedOn: 1 })).toMatchObject({ revision: 1 });
  expect(await entries()).toBe(before);
  expect((await getAdr(b.as("viewer"), { ref: adr.ref })).shown.content).toBe(content);
});

test("two people who revise the same revision: the second is told, and nothing is overwritten", async () => {
  const adr = await propose("Two editors");
  await reviseAdr(b.as("owner"), { ref: adr.ref, content: text("Two editors", "a"), basedOn: 1 });
  await expect(
    reviseAdr(b.as("architect"), { ref: adr.ref, content: text("Two editors", "b"), basedOn: 1 }),
  ).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("you edited revision 1"),
  });
});

test("the author, and whoever revised it, cannot accept; another architect can, exactly what they read", async () => {
  const adr = await propose("Who accepts");
  const revised = await reviseAdr(b.as("chair"), { ref: adr.ref, content: text("Who accepts", "more"), basedOn: 1 });
  await expect(acceptAdr(b.as("chair"), { ref: adr.ref, digest: revised.digest })).rejects.toMatchObject({
    code: "forbidden",
  });
  await expect(acceptAdr(b.as("owner"), { ref: adr.ref, digest: revised.digest })).rejects.toMatchObject({
    code: "forbidden",
  });
  await expect(acceptAdr(b.as("architect"), { ref: adr.ref, digest: adr.digest })).rejects.toMatchObject({
    code: "conflict",
  });
  expect(await acceptAdr(b.as("architect"), { ref: adr.ref, digest: revised.digest })).toMatchObject({
    status: "accepted",
  });
  await expect(reviseAdr(b.as("owner"), { ref: adr.ref, content: text("Later"), basedOn: 2 })).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("locked"),
  });
});

test("a record about a tier 1 or 2 model needs its confirmation", async () => {
  const model = await b.model({ tier: 1 });
  const adr = await proposeAdr(b.as("owner"), { content: "# No check\n\n## Decision\nDo it.\n", model: model.name });
  await expect(acceptAdr(b.as("architect"), { ref: adr.ref, digest: adr.digest })).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("Confirmation"),
  });
});

test("superseding: accepted successors only, one each, never in a circle", async () => {
  const made = [];
  for (const title of ["First", "Second", "Third"]) {
    const adr = await propose(title);
    await acceptAdr(b.as("architect"), { ref: adr.ref, digest: adr.digest });
    made.push(adr.ref);
  }
  const [first = "", second = "", third = ""] = made;
  const draft = await propose("Not accepted");
  const architect = b.as("architect");
  await expect(supersedeAdr(architect, { ref: first, by: draft.ref })).rejects.toMatchObject({ code: "conflict" });
  await expect(supersedeAdr(architect, { ref: first, by: first })).rejects.toMatchObject({ code: "invalid" });
  await supersedeAdr(architect, { ref: first, by: second });
  await expect(supersedeAdr(architect, { ref: first, by: third })).rejects.toMatchObject({ code: "conflict" });
  await expect(supersedeAdr(architect, { ref: second, by: first })).rejects.toMatchObject({
    message: expect.stringContaining("circle"),
  });
  await deprecateAdr(architect, { ref: third, reason: "nobody uses it any more" });
  const { backlinks } = await getAdr(b.as("viewer"), { ref: second });
  expect(backlinks.supersedes.map((a) => a.ref)).toEqual([first]);
});

test("twenty rounds of two crossing supersessions never make a circle", async () => {
  for (let i = 0; i < 20; i++) {
    const [x, y] = [await propose(`Crossing ${i} x`), await propose(`Crossing ${i} y`)];
    for (const adr of [x, y]) await acceptAdr(b.as("architect"), { ref: adr.ref, digest: adr.digest });
    const results = await Promise.allSettled([
      supersedeAdr(b.as("architect"), { ref: x.ref, by: y.ref }),
      supersedeAdr(b.as("architect"), { ref: y.ref, by: x.ref }),
    ]);
    expect(results.filter((r) => r.status === "fulfilled")).toHaveLength(1);
    for (const r of results) if (r.status === "rejected") expect(r.reason).toMatchObject({ code: "conflict" });
  }
});

test("search finds words of the present text, filters count, pages do not overlap", async () => {
  const adr = await proposeAdr(b.as("owner"), { content: text("Searchable", "\nquixotic zebras") });
  expect((await findAdrs(b.as("viewer"), { q: "zebra" })).items.map((a) => a.ref)).toEqual([adr.ref]);
  await reviseAdr(b.as("owner"), { ref: adr.ref, content: text("Searchable", "\nplain horses"), basedOn: 1 });
  expect((await findAdrs(b.as("viewer"), { q: "zebra" })).items).toEqual([]);
  expect((await findAdrs(b.as("viewer"), { q: adr.ref.toLowerCase() })).items).toHaveLength(1);
  await propose("One more to page over");
  const { facets, ...first } = await findAdrs(b.as("viewer"), { limit: 3, status: "proposed" });
  expect(facets?.status.superseded).toBeGreaterThan(0);
  const second = await findAdrs(b.as("viewer"), { limit: 3, status: "proposed", after: first.next ?? "" });
  expect(new Set([...first.items, ...second.items].map((a) => a.ref)).size).toBe(6);
  for (const q of ["'", '"', "a & | !", "<->", ":*", "\\"]) await findAdrs(b.as("viewer"), { q });
});

test("facets narrow, count every value of the search and name who and what; excerpts mark what was found, also in odd text", async () => {
  const model = await b.model();
  const refs: string[] = [];
  for (const [i, who] of (["owner", "owner", "security"] as const).entries()) {
    const more = i === 0 ? "\nOnly <b>gryphons</b> & \u0001 Gryphon-like things.\n" : "\ngryphon\n";
    const made = await proposeAdr(b.as(who), {
      content: text(`Facet ${i}`, more),
      ...(i < 2 ? { model: model.name } : {}),
    });
    refs.push(made.ref);
  }
  const { items, facets, total } = await findAdrs(b.as("viewer"), { q: "gryphon" });
  expect(total).toBe(3);
  expect(facets?.author).toEqual([
    { value: b.ids.owner, name: "owner", n: 2 },
    { value: b.ids.security, name: "security", n: 1 },
  ]);
  expect(facets?.unit).toEqual([{ value: b.unitId, name: "Card risk", n: 2 }]);
  expect(facets?.year).toEqual([{ value: "2026", name: "2026", n: 3 }]);
  expect(
    items
      .at(-1)
      ?.excerpt?.filter((p) => p.hit)
      .map((p) => p.text),
  ).toEqual(["gryphons", "Gryphon"]);
  expect(
    items
      .at(-1)
      ?.excerpt?.map((p) => p.text)
      .join(""),
  ).toMatch(/Confirmation A check\. Only gryphons & Gryphon-like/);
  const found = async (input: object) =>
    (await findAdrs(b.as("viewer"), { q: "gryphon", ...input })).items.map((a) => a.ref);
  expect(await found({ author: b.ids.security })).toEqual([refs[2]]);
  expect(await found({ author: `${b.ids.security},${b.ids.owner}`, unit: b.unitId })).toEqual([refs[1], refs[0]]);
  expect(await found({ year: "2025" })).toEqual([]);
  expect((await findAdrs(b.as("viewer"), { q: "gryphon", year: "2025" })).facets?.year).toEqual(facets?.year);
});

test("an accepted record comes back to its author before its day, until they say that it still holds", async () => {
  const made = await propose("Look again");
  const open = async () => (await myQueue(b.as("owner"), {})).filter((item) => item.ref === made.ref);
  await acceptAdr(b.as("architect"), { ref: made.ref, digest: made.digest, reviewBy: "2026-03-10" });
  expect(await open()).toMatchObject([{ due: "2026-03-10", action: "Look again" }]);
  expect((await myQueue(b.as("security"), {})).filter((item) => item.ref === made.ref)).toEqual([]);
  const say = { ref: made.ref, digest: made.digest, note: "Nothing has changed since." };
  await expect(reaffirmAdr(b.as("owner"), { ...say, reviewBy: "2026-03-02" })).rejects.toMatchObject({
    code: "invalid",
  });
  await expect(reaffirmAdr(b.as("security"), { ...say, reviewBy: "2027-03-02" })).rejects.toMatchObject({
    code: "forbidden",
  });
  await expect(
    reaffirmAdr(b.as("owner"), { ...say, digest: "0".repeat(64), reviewBy: "2027-03-02" }),
  ).rejects.toMatchObject({ code: "conflict" });
  await reaffirmAdr(b.as("owner"), { ...say, reviewBy: "2027-03-02" });
  expect(await open()).toEqual([]);
});

test("the graph holds what supersedes and what is superseded, and nothing else", async () => {
  const [old, next, alone] = [await propose("Old way"), await propose("New way"), await propose("Alone")];
  for (const adr of [old, next]) await acceptAdr(b.as("architect"), { ref: adr.ref, digest: adr.digest });
  await supersedeAdr(b.as("architect"), { ref: old.ref, by: next.ref });
  const { nodes, edges } = await adrGraph(b.as("viewer"), {});
  expect(edges).toContainEqual({ from: old.ref, to: next.ref });
  expect(nodes.map((n) => n.ref)).not.toContain(alone.ref);
});

test.each<[string, () => Promise<unknown>, string]>([
  ["a viewer cannot write", () => proposeAdr(b.as("viewer"), { content: text("x") }), "forbidden"],
  ["an administrator cannot write", () => proposeAdr(b.as("admin"), { content: text("x") }), "forbidden"],
  ["no title", () => proposeAdr(b.as("owner"), { content: "words" }), "invalid"],
  ["too long", () => proposeAdr(b.as("owner"), { content: `# T\n${"x".repeat(100_001)}` }), "invalid"],
  ["half a surrogate", () => proposeAdr(b.as("owner"), { content: "# T\n\uD800" }), "invalid"],
  ["a NUL", () => proposeAdr(b.as("owner"), { content: "# T\n\0" }), "invalid"],
  ["an unknown field", () => proposeAdr(b.as("owner"), { content: text("x"), status: "accepted" }), "invalid"],
  ["an unknown model", () => proposeAdr(b.as("owner"), { content: text("x"), model: "none" }), "not_found"],
  ["an unknown record", () => getAdr(b.as("viewer"), { ref: "ADR-99999" }), "not_found"],
  ["a reference that is none", () => getAdr(b.as("viewer"), { ref: "../etc" }), "invalid"],
  ["a page mark that is none", () => findAdrs(b.as("viewer"), { after: "x" }), "invalid"],
])("%s is refused", async (_, call, code) => {
  await expect((async () => call())()).rejects.toMatchObject({ name: "Refusal", code });
});

test("only someone else rejects, with a reason that the log keeps", async () => {
  const adr = await propose("To be rejected");
  await expect(rejectAdr(b.as("architect"), { ref: adr.ref, digest: adr.digest, reason: "no" })).rejects.toMatchObject({
    code: "invalid",
  });
  await rejectAdr(b.as("architect"), { ref: adr.ref, digest: adr.digest, reason: "costs more than it saves" });
  await expect(acceptAdr(b.as("architect"), { ref: adr.ref, digest: adr.digest })).rejects.toMatchObject({
    code: "conflict",
  });
});

test("a word that is in everything is found at once and counted to a thousand, and both are said", async () => {
  const made = await proposeAdr(b.as("owner"), { content: text("Wolpertinger", "\nwolpertinger\n") });
  await t.db.execute(sql`
    with copies as (
      insert into adr select (jsonb_populate_record(a, jsonb_build_object('id', gen_random_uuid(), 'ref', 'ADR-9' || lpad(g::text, 5, '0')))).*
      from adr a, generate_series(1, 1100) g where a.ref = ${made.ref} returning id)
    insert into adr_text (adr_id, body) select c.id, x.body
    from copies c, adr_text x join adr a on a.id = x.adr_id where a.ref = ${made.ref}`);
  const { items, total, more, facets } = await findAdrs(b.as("viewer"), { q: "wolpertinger", limit: 20 });
  expect([items.length, total, more]).toEqual([20, 1000, true]);
  expect(facets?.status.proposed).toBe(1000);
  expect(await findAdrs(b.as("viewer"), { q: made.ref, facets: "false" })).toMatchObject({
    total: 1,
    more: false,
    facets: null,
  });
  const all = await findAdrs(b.as("viewer"), {});
  expect(all.total).toBeGreaterThan(1100);
  expect(all.more).toBe(false);
});
