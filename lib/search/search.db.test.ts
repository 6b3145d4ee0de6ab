import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Actor } from "@/lib/core/actor";
import { newId } from "@/lib/core/ids";
import { testDatabase } from "@/lib/testing/database";
import { search } from "./queries";

let t: Awaited<ReturnType<typeof testDatabase>>;
const cards = newId();
const claims = newId();
const everywhere: Actor = {
  kind: "person",
  id: newId(),
  name: "V",
  grants: [{ role: "viewer", units: null }],
  scopes: null,
};
const cardsOnly: Actor = { ...everywhere, grants: [{ role: "viewer", units: [cards] }] };

beforeAll(async () => {
  t = await testDatabase();
  await t.db.execute(
    sql`insert into business_unit (id, slug, name) values (${cards}, 'cards', 'Cards'), (${claims}, 'claims', 'Claims')`,
  );
  await t.db.execute(
    sql`insert into person (id, name, email, created_at) values (${newId()}, 'Agnes Thorne', 'agnes@x.example', now())`,
  );
  for (const [name, unit, tier, description] of [
    ["card-fraud-score", cards, 1, "Declines stolen cards"],
    ["claims-triage", claims, 2, "Sorts insurance claims by urgency"],
    ["100%_sure", null, 3, ""],
  ] as const) {
    const id = newId();
    await t.db.execute(sql`insert into model (id, name, description, platform, stage, tier, business_unit_id, created_at, updated_at)
      values (${id}, ${name}, ${description}, 'mlflow', 'live', ${tier}, ${unit}, now(), now())`);
    await t.db.execute(sql`insert into model_version (id, model_id, version, digest, registered_at)
      values (${newId()}, ${id}, '4.2.0', ${name === "claims-triage" ? `c07e88${"0".repeat(58)}` : null}, now())`);
  }
});
afterAll(() => t.drop());

const find = async (q: string, actor = everywhere) => {
  const { hits } = await search({ db: t.db, actor, now: () => new Date(), requestId: "t" }, { q });
  return hits.filter((h) => h.kind !== "page" && h.kind !== "pattern").map((h) => h.title);
};

test("by beginning, part, word of the description, and with typing errors", async () => {
  expect(await find("card")).toEqual(["card-fraud-score"]);
  expect(await find("fraud")).toEqual(["card-fraud-score"]);
  expect(await find("insurance sorting")).toEqual(["claims-triage"]);
  expect(await find("card-fruad-score")).toContain("card-fraud-score");
  expect(await find("thone")).toContain("Agnes Thorne");
});

test("by digest, and by field", async () => {
  expect(await find("sha256:c07e88")).toEqual(["sha256:c07e88000000"]);
  expect(await find("tier:2")).toEqual(["claims-triage"]);
  expect(await find("kind:person agnes")).toEqual(["Agnes Thorne"]);
});

test("wildcards are letters", async () => {
  expect(await find("100%_")).toEqual(["100%_sure"]);
  expect(await find("%%%")).toEqual([]);
});

test("a role in one unit finds its models and those of no unit, also by digest and likeness", async () => {
  expect(await find("triage", cardsOnly)).toEqual([]);
  expect(await find("c07e88", cardsOnly)).toEqual([]);
  expect(await find("clams-triage", cardsOnly)).toEqual([]);
  expect(await find("fraud", cardsOnly)).toEqual(["card-fraud-score"]);
  expect(await find("sure", cardsOnly)).toEqual(["100%_sure"]);
});

test.each([
  "'",
  '"',
  '"unclosed',
  "a & | ! b",
  "((",
  "\\",
  "%",
  "_",
  ":*",
  "<->",
  "-",
  "rev",
  "rev-",
  "🦊",
  "#",
  "tier:",
  "a".repeat(200),
  " ",
  "--",
  "NULL",
])("no question is an error: %s", async (q) => {
  await expect(find(q)).resolves.toBeInstanceOf(Array);
});
