import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { businessUnits, people, roleGrants } from "@/db/schema/org";
import type { Ctx } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import type { Role } from "@/lib/core/rights";
import { deactivate, reactivate } from "@/lib/people/deactivate";
import { revokeGrant } from "@/lib/people/revoke-grant";
import { testDatabase } from "@/lib/testing/database";
import { testReleases } from "@/lib/testing/releases";
import { policies } from "./policies";
import { organisation, satisfiableIn } from "./policy-people";
import { policiesStuck, policySatisfiable } from "./satisfiable-query";

let database: Awaited<ReturnType<typeof testDatabase>>;
let t: Awaited<ReturnType<typeof testReleases>>;
let admin: Ctx;
beforeAll(async () => {
  database = await testDatabase();
  t = await testReleases(database.db);
  admin = await t.person("Ada Admin", "admin");
});
afterAll(() => database.drop());

const give = (personId: string, role: Role, unit: string | null) =>
  database.db
    .insert(roleGrants)
    .values({ personId, role, businessUnitId: unit, grantedBy: "test", grantedAt: t.now.at });
const someone = async (name: string, role: Role, unit: string | null = null): Promise<string> => {
  const { id } = (await t.person(name, role)).actor;
  await give(id, role, unit);
  return id;
};
/** What the policy for production says of one unit and tier. */
const ask = async (unit: string, tier: number, ctx: Ctx = t.security) => {
  const { units } = await policySatisfiable(ctx, { policy: "prod-release" });
  return units.find((u) => u.unit?.slug === unit)?.tiers.find((x) => x.tier === tier);
};

let bea: string;

test("each requirement that nobody can meet is named, with why", async () => {
  expect(await ask("retail", 3)).toMatchObject({ state: "pass", reasons: [], requesters: 1 });
  expect(await ask("retail", 1)).toMatchObject({
    state: "blocked",
    reasons: [
      "Model owner: Priya Raman alone holds the role Model owner here. Where Priya Raman asks for the release, nobody else can sign.",
      "Privacy: nobody holds the role Privacy here.",
      "Architecture: nobody holds the role ARB chair here.",
    ],
    missing: [{ title: "Model owner" }, { title: "Privacy" }, { title: "Architecture" }],
    worst: { requester: "Priya Raman", trainer: null },
  });
  expect((await ask("claims", 1))?.reasons).toEqual([
    "Nobody can ask for a release: nobody holds the role Model owner here.",
  ]);
});

test("roles of the unit and from above it count, and those of another unit do not", async () => {
  bea = await someone("Bea Lind", "privacy");
  await someone("Ingrid Solberg", "board_chair", t.units.group);
  await someone("Tom Elsewhere", "contributor", t.units.claims);
  expect(await ask("retail", 1)).toMatchObject({ state: "blocked", missing: [{ title: "Model owner", count: 1 }] });
  await someone("Tomas Berg", "contributor", t.units.retail);
  expect(await ask("retail", 1)).toMatchObject({ state: "pass", requesters: 2 });
});

test("the answer follows people: an account is closed and opened, a role ends", async () => {
  await deactivate(admin, { person: bea });
  expect(await ask("retail", 1)).toMatchObject({
    state: "blocked",
    reasons: ["Privacy: everybody who holds the role Privacy here is inactive (Bea Lind)."],
  });
  await reactivate(admin, { person: bea });
  expect(await ask("retail", 1)).toMatchObject({ state: "pass" });
  const [grant] = await database.db.select().from(roleGrants).where(eq(roleGrants.personId, bea));
  await revokeGrant(admin, { person: bea, grant: grant?.id ?? "" });
  expect((await ask("retail", 1))?.reasons).toEqual(["Privacy: nobody holds the role Privacy here."]);
  await give(bea, "privacy", null);
});

test("an administrator's other roles sign nothing", async () => {
  await give(bea, "admin", null);
  expect((await ask("retail", 1))?.reasons).toEqual([
    "Privacy: only administrators hold the role Privacy here (Bea Lind), and they take part in no decision.",
  ]);
  await database.db.delete(roleGrants).where(and(eq(roleGrants.personId, bea), eq(roleGrants.role, "admin")));
});

test("a sole approver who trained versions of the unit makes it depend", async () => {
  await t.model({ tier: 1 }, { trainedBy: "NOOR.HADDAD" });
  expect(await ask("retail", 1)).toMatchObject({
    state: "depends",
    worst: { trainer: "Noor Haddad" },
    reasons: [
      "Security: Noor Haddad alone holds the role Security here. Where Noor Haddad trained the version, nobody else can sign.",
    ],
  });
  await someone("Nils Holm", "security", t.units.retail);
  expect(await ask("retail", 1)).toMatchObject({ state: "pass" });
});

test("where models serve that no release could replace, administrators and the chair are told; elsewhere not", async () => {
  expect((await policiesStuck(admin, {})).stuck).toEqual([]);
  await t.model({ tier: 2, stage: "live", businessUnitId: t.units.group });
  expect((await policiesStuck(admin, {})).stuck).toEqual([
    {
      policy: { id: "prod-release", title: "Release to production" },
      unit: "Group",
      tiers: [2],
      reason: "Nobody can ask for a release: nobody holds the role Model owner here.",
    },
    expect.objectContaining({ policy: { id: "staging-release", title: "Release to staging" } }),
  ]);
});

test("models of no unit are signed for by roles held everywhere only", async () => {
  await t.model({ tier: 1, stage: "live", businessUnitId: null });
  const { units } = await policySatisfiable(t.security, { policy: "prod-release" });
  const none = units.find((u) => u.unit === null)?.tiers[0];
  expect(none).toMatchObject({ state: "blocked", live: 1, requesters: 3 });
  expect(none?.missing.map((m) => m.title)).toEqual(["Model owner", "Architecture"]);
});

test("one sees one's units, nobody without a right sees any, and the past is refused in words", async () => {
  const elsewhere = await t.person("Daniel Achterberg", "contributor", [t.units.claims]);
  const { units } = await policySatisfiable(elsewhere, { policy: "prod-release" });
  expect(units.flatMap((u) => u.unit?.slug ?? [])).toEqual(["claims"]);
  const roleless = t.ctxOf({ ...elsewhere.actor, grants: [] });
  await expect(policySatisfiable(roleless, { policy: "prod-release" })).rejects.toMatchObject({ code: "forbidden" });
  await expect(policySatisfiable(t.security, { policy: "no-such" })).rejects.toMatchObject({ code: "not_found" });
  await expect(
    policySatisfiable({ ...t.security, asOf: new Date("2026-11-01T00:00:00Z") }, { policy: "prod-release" }),
  ).rejects.toThrow(/for today only/);
});

test("four statements whatever the size: 40 units, 200 people", async () => {
  const units = Array.from({ length: 40 }, (_, i) => ({
    id: newId(),
    slug: `u${i}`,
    name: `Unit ${i}`,
    parentId: t.units.group,
  }));
  await database.db.insert(businessUnits).values(units);
  const crowd = Array.from({ length: 200 }, (_, i) => ({
    id: newId(),
    name: `Person ${i}`,
    email: `p${i}@example.com`,
    createdAt: t.now.at,
  }));
  await database.db.insert(people).values(crowd);
  const some: readonly Role[] = ["contributor", "security", "privacy", "model_risk"];
  await database.db.insert(roleGrants).values(
    crowd.map((p, i) => ({
      personId: p.id,
      role: some[i % some.length] ?? "viewer",
      businessUnitId: units[i % 40]?.id ?? null,
      grantedBy: "test",
      grantedAt: t.now.at,
    })),
  );
  let statements = 0;
  const counting = new Proxy(database.db, {
    get: (db, key) => {
      if (key === "execute") statements++;
      return Reflect.get(db, key);
    },
  });
  const org = await organisation(counting);
  const [first] = policies();
  if (!first) throw new Error("There is no policy.");
  expect(satisfiableIn(first.policy, org, t.security.actor)).toHaveLength(44);
  expect(statements).toBe(4);
});
