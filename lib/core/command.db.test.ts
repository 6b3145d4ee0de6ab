import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { businessUnits } from "@/db/schema/org";
import { testDatabase } from "@/lib/testing/database";
import { type Actor, systemActor } from "./actor";
import { type Ctx, command } from "./command";
import { newId } from "./ids";
import { no, Refusal, yes } from "./refusal";

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const viewer: Actor = {
  kind: "person",
  id: newId(),
  name: "Vera",
  grants: [{ role: "viewer", units: null }],
  scopes: null,
};
const ctx = (extra: Partial<Ctx> = {}): Ctx => ({
  db: database.db,
  actor: systemActor,
  now: () => new Date("2026-11-20T10:00:00Z"),
  requestId: newId(),
  ...extra,
});

/** A command of the test's own: names a unit; can be told to fail after its write. */
const nameUnit = command({
  name: "test.unit_named",
  title: "Name a unit",
  http: null,
  input: z.strictObject({
    slug: z.string().min(1).max(20),
    fail: z.boolean().default(false),
    job: z.string().optional(),
  }),
  load: async () => null,
  may: (actor) => (actor.kind === "system" ? yes : no("forbidden", "Only the portal names units.")),
  run: async (tx, { input }) => {
    const id = newId();
    await tx.insert(businessUnits).values({ id, slug: input.slug, name: input.slug });
    if (input.fail) throw new Error("the disk burned");
    return {
      result: { id },
      entry: {
        subject: { kind: "unit", id, ref: input.slug },
        summary: `named ${input.slug}`,
        body: { slug: input.slug },
      },
      jobs: input.job ? [{ name: "test.job", payload: { id }, uniqueKey: input.job }] : [],
    };
  },
});

async function written(): Promise<{ units: number; entries: number; queued: number; jobs: number }> {
  const { rows } = await database.db.execute<{ units: number; entries: number; queued: number; jobs: number }>(sql`
    select (select count(*)::int from business_unit) as units, (select count(*)::int from log_entry where name = 'test.unit_named') as entries,
      (select count(*)::int from log_queue) as queued, (select count(*)::int from job where name = 'test.job') as jobs`);
  return rows[0] ?? { units: -1, entries: -1, queued: -1, jobs: -1 };
}

async function refusal(promise: Promise<unknown>): Promise<Refusal> {
  const error = await promise.then(
    () => null,
    (e: unknown) => e,
  );
  if (!(error instanceof Refusal)) throw new Error(`expected a refusal, got ${String(error)}`);
  return error;
}

describe("a command", () => {
  test("writes its rows, its log entry and its job together", async () => {
    const before = await written();
    await nameUnit(ctx(), { slug: "together", job: "j1" });
    expect(await written()).toEqual({
      units: before.units + 1,
      entries: before.entries + 1,
      queued: before.queued + 1,
      jobs: before.jobs + 1,
    });
  });

  test("that throws after its write leaves nothing", async () => {
    const before = await written();
    await expect(nameUnit(ctx(), { slug: "burned", fail: true })).rejects.toThrow("the disk burned");
    expect(await written()).toEqual(before);
  });

  test("refuses who may not, and leaves nothing", async () => {
    const before = await written();
    expect((await refusal(nameUnit(ctx({ actor: viewer }), { slug: "viewer" }))).code).toBe("forbidden");
    expect(await written()).toEqual(before);
  });

  test.each([
    [{ slug: "x", extra: 1 }, "extra"],
    [{ slug: 7 }, "slug"],
    [{ slug: "a".repeat(21) }, "slug"],
    [{ slug: "nul\0" }, "slug"],
    [{}, "slug"],
  ])("names the field at fault in %j", async (input, field) => {
    const error = await refusal(nameUnit(ctx(), input));
    expect(error.code).toBe("invalid");
    expect(error.faults.map((f) => f.field)).toContain(field);
  });

  test("a racer that meets a unique index is refused with a conflict in words", async () => {
    const outcomes = await Promise.allSettled([nameUnit(ctx(), { slug: "race" }), nameUnit(ctx(), { slug: "race" })]);
    expect(outcomes.filter((o) => o.status === "fulfilled")).toHaveLength(1);
    const lost = outcomes.find((o) => o.status === "rejected");
    expect(lost?.reason).toMatchObject({ code: "conflict" });
  });
});

describe("an Idempotency-Key", () => {
  test("answers the same again without a second write", async () => {
    const first = await nameUnit(ctx({ idempotencyKey: "k1" }), { slug: "once" });
    const before = await written();
    const second = await nameUnit(ctx({ idempotencyKey: "k1" }), { slug: "once" });
    expect(second).toEqual(first);
    expect(await written()).toEqual(before);
  });

  test("with other input is a conflict", async () => {
    await nameUnit(ctx({ idempotencyKey: "k2" }), { slug: "key-two" });
    expect((await refusal(nameUnit(ctx({ idempotencyKey: "k2" }), { slug: "key-other" }))).code).toBe("conflict");
  });

  test("sent twice at once writes once, and both get the answer or one a conflict to retry", async () => {
    const both = await Promise.allSettled([
      nameUnit(ctx({ idempotencyKey: "k3" }), { slug: "twice" }),
      nameUnit(ctx({ idempotencyKey: "k3" }), { slug: "twice" }),
    ]);
    const { rows } = await database.db.execute<{ n: number }>(
      sql`select count(*)::int as n from business_unit where slug = 'twice'`,
    );
    expect(rows[0]?.n).toBe(1);
    for (const outcome of both)
      if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ code: "conflict" });
  });
});
