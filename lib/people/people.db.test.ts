import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bootstrap } from "@/lib/auth/bootstrap";
import { contextOf } from "@/lib/auth/request";
import { Secret } from "@/lib/config/secret";
import { Refusal } from "@/lib/core/refusal";
import { testDatabase } from "@/lib/testing/database";
import { testCtx, testPerson } from "@/lib/testing/people";
import { createToken } from "@/lib/tokens/create";
import { listTokens } from "@/lib/tokens/queries";
import { revokeToken } from "@/lib/tokens/revoke";
import { createUnit } from "@/lib/units/create";
import { listUnits } from "@/lib/units/queries";
import { renameUnit } from "@/lib/units/rename";
import { deactivate, reactivate } from "./deactivate";
import { grantRole } from "./grant";
import { invite } from "./invite";
import { getPerson, listPeople } from "./queries";
import { revokeGrant } from "./revoke-grant";

let t: Awaited<ReturnType<typeof testDatabase>>;
let admin: Awaited<ReturnType<typeof testPerson>>;
let viewer: Awaited<ReturnType<typeof testPerson>>;
beforeAll(async () => {
  t = await testDatabase();
  admin = await testPerson(t.db, "Elin Admin", ["admin"]);
  viewer = await testPerson(t.db, "Vera Viewer", ["viewer"]);
});
afterAll(() => t.drop());

async function refused(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => null,
    (e: unknown) => e,
  );
  if (!(error instanceof Refusal)) throw new Error(`expected a refusal, got ${String(error)}`);
  return `${error.code}: ${error.message}`;
}

const entries = async (subject: string): Promise<string[]> => {
  const { rows } = await t.db.execute<{ line: string }>(
    sql`select name || ': ' || summary as line from log_entry where subject_id = ${subject} order by at, id`,
  );
  return rows.map((r) => r.line);
};

test("an administrator builds the tree; it reads parents first", async () => {
  await createUnit(admin.ctx, { slug: "bank", name: "Bank" });
  await createUnit(admin.ctx, { slug: "cards", name: "Cards", parent: "bank" });
  await renameUnit(admin.ctx, { unit: "cards", name: "Card risk" });
  expect((await listUnits(viewer.ctx, {})).items.map((u) => [u.path, u.depth])).toEqual([
    ["Bank", 0],
    ["Bank / Card risk", 1],
  ]);
  expect(await refused(createUnit(admin.ctx, { slug: "cards", name: "Again" }))).toBe(
    'conflict: There is already a business unit "cards".',
  );
  expect(await refused(createUnit(admin.ctx, { slug: "x", name: "X", parent: "nowhere" }))).toMatch(/^not_found/);
  expect(await refused(createUnit(admin.ctx, { slug: "No Slug", name: "X" }))).toMatch(/^invalid: slug/);
  expect(await refused(createUnit(viewer.ctx, { slug: "mine", name: "Mine" }))).toMatch(/^forbidden/);
});

test("an invited person is logged, found by address, and invited once", async () => {
  const made = await invite(admin.ctx, { name: "Priya Raman", email: "Priya.Raman@Halden.example", unit: "cards" });
  expect(made.email).toBe("priya.raman@halden.example");
  expect(await refused(invite(admin.ctx, { name: "P", email: "priya.raman@halden.example" }))).toMatch(/^conflict/);
  expect(await refused(invite(admin.ctx, { name: "P", email: "nobody" }))).toMatch(/^invalid: email/);
  expect(await refused(invite(viewer.ctx, { name: "P", email: "p@x.example" }))).toMatch(/^forbidden/);
  await grantRole(admin.ctx, { person: made.email, role: "contributor", unit: "cards" });
  await grantRole(admin.ctx, { person: made.email, role: "contributor", unit: "cards" });
  expect(await getPerson(admin.ctx, { person: made.email })).toMatchObject({
    unit: "Card risk",
    grants: [{ role: "contributor", unit: "Card risk", source: "portal" }],
  });
  expect(await entries(made.id)).toEqual([
    "person.invited: invited Priya Raman",
    "person.role.granted: made Priya Raman Model owner in Card risk",
  ]);
});

test("only the portal makes demo personas", async () => {
  expect(await refused(invite(admin.ctx, { name: "P", email: "p@x.example", persona: true }))).toMatch(/^forbidden/);
});

test("nobody gives themselves a role, not even an administrator", async () => {
  for (const role of ["board_chair", "viewer", "admin"])
    expect(await refused(grantRole(admin.ctx, { person: admin.id, role }))).toMatch(
      /^forbidden: You cannot give yourself/,
    );
  expect(await refused(grantRole(viewer.ctx, { person: viewer.id, role: "admin" }))).toMatch(
    /^forbidden: Only an admin/,
  );
  expect(await refused(grantRole(viewer.ctx, { person: admin.id, role: "admin" }))).toMatch(/^not_found/);
  expect(await refused(deactivate(viewer.ctx, { person: admin.email }))).toMatch(/^not_found/);
});

test("roles of tokens are not for people", async () => {
  for (const role of ["service", "agent", "emperor"])
    expect(await refused(grantRole(admin.ctx, { person: viewer.id, role }))).toMatch(/^invalid: role: Choose one of/);
});

test("a role taken back twice at once is taken back once", async () => {
  const person = await testPerson(t.db, "Rolf Race", ["architect"]);
  const [grant] = (await getPerson(admin.ctx, { person: person.id })).grants;
  const take = () => revokeGrant(admin.ctx, { person: person.id, grant: grant?.id });
  const outcomes = await Promise.allSettled([take(), take()]);
  expect(outcomes.filter((o) => o.status === "fulfilled")).toHaveLength(1);
  expect(await entries(person.id)).toContain("person.role.revoked: took the role ML architect from Rolf Race");
  expect((await entries(person.id)).filter((e) => e.startsWith("person.role.revoked"))).toHaveLength(1);
});

test("an administrator neither steps down alone nor closes their own account", async () => {
  const [grant] = (await getPerson(admin.ctx, { person: "me" })).grants;
  expect(await refused(revokeGrant(admin.ctx, { person: admin.id, grant: grant?.id }))).toMatch(/^forbidden/);
  expect(await refused(deactivate(admin.ctx, { person: admin.id }))).toMatch(/^forbidden/);
});

test("a closed account loses its tokens for good and its roles until it is opened again", async () => {
  const person = await testPerson(t.db, "Cora Closed", ["contributor"]);
  const token = await createToken(person.ctx, { name: "mine", scopes: ["inventory:read"] });
  await deactivate(admin.ctx, { person: person.id });
  expect(await refused(grantRole(admin.ctx, { person: person.id, role: "viewer" }))).toMatch(/^conflict/);
  await reactivate(admin.ctx, { person: person.id });
  const { items } = await listTokens(admin.ctx, { person: person.id });
  expect(items).toMatchObject([{ id: token.id, state: "revoked" }]);
  expect((await getPerson(admin.ctx, { person: person.id })).grants).toHaveLength(1);
});

test("the list of people pages by name, filters, and is not there for others", async () => {
  for (let i = 0; i < 7; i++) await invite(admin.ctx, { name: `Page ${i} 100%`, email: `page${i}@halden.example` });
  const first = await listPeople(admin.ctx, { q: "0%", limit: "3" });
  expect(first.items.map((p) => p.name)).toEqual(["Page 0 100%", "Page 1 100%", "Page 2 100%"]);
  const second = await listPeople(admin.ctx, { q: "0%", limit: "3", after: first.next });
  expect(second.items.map((p) => p.name)).toEqual(["Page 3 100%", "Page 4 100%", "Page 5 100%"]);
  const last = await listPeople(admin.ctx, { q: "0%", limit: "3", after: second.next });
  expect([last.items.map((p) => p.name), last.next]).toEqual([["Page 6 100%"], null]);
  expect((await listPeople(admin.ctx, { role: "admin" })).items.map((p) => p.name)).toEqual(["Elin Admin"]);
  expect(await refused(listPeople(viewer.ctx, {}))).toMatch(/^not_found/);
  expect(await refused(getPerson(viewer.ctx, { person: admin.id }))).toMatch(/^not_found/);
  expect((await getPerson(viewer.ctx, { person: "me" })).name).toBe("Vera Viewer");
  expect(await refused(listPeople(admin.ctx, { after: "nonsense" }))).toMatch(/^invalid: after/);
});

test("tokens: shown once, kept as a hash, scoped, of the right kind", async () => {
  const made = await createToken(viewer.ctx, { name: "notebook", scopes: ["inventory:read"] });
  expect(made.token).toMatch(/^cs_[A-Za-z0-9_-]{43}$/);
  const { rows } = await t.db.execute<{ all: string }>(
    sql`select string_agg(x::text, '') as all from (select to_jsonb(api_token) as x from api_token union all select to_jsonb(log_entry) from log_entry) s`,
  );
  expect(rows[0]?.all).toContain(made.prefix);
  expect(rows[0]?.all).not.toContain(made.token);
  expect((await listTokens(viewer.ctx, {})).items).toMatchObject([{ name: "notebook", state: "active" }]);

  expect(await refused(createToken(viewer.ctx, { name: "all of me" }))).toMatch(/^invalid: scopes/);
  expect(await refused(createToken(viewer.ctx, { name: "x", scopes: ["inventory:read"], days: 0 }))).toMatch(
    /^invalid/,
  );
  expect(await refused(createToken(viewer.ctx, { name: "x", scopes: ["everything"] }))).toMatch(/^invalid: scopes/);
  expect(await refused(createToken(viewer.ctx, { name: "x", kind: "service" }))).toMatch(/^forbidden/);
  expect(
    await refused(createToken(admin.ctx, { name: "x", kind: "service", roles: ["board_chair"] })),
    "no service votes",
  ).toMatch(/^invalid: roles/);
  const scoped = testCtx(t.db, { actor: { ...viewer.actor, scopes: ["inventory:read"] } });
  expect(await refused(createToken(scoped, { name: "x", scopes: ["inventory:read"] }))).toMatch(/^forbidden: A token/);
  expect((await listTokens(viewer.ctx, { person: admin.id })).items).toEqual([]);
});

test("a repeated Idempotency-Key does not show a token again, nor keep it", async () => {
  const ctx = { ...viewer.ctx, idempotencyKey: "once" };
  const input = { name: "once", scopes: ["inventory:read"] };
  const { token } = await createToken(ctx, input);
  expect(await refused(createToken(ctx, input))).toMatch(/^conflict: This Idempotency-Key was used already/);
  const { rows } = await t.db.execute<{ body: string }>(sql`select body from idempotency_key where key = 'once'`);
  expect(rows[0]?.body).not.toContain(token);
});

test("BOOTSTRAP_TOKEN becomes an administrator service once; revoked, it stays so", async () => {
  const token = new Secret("a-token-of-the-operator-of-32-characters");
  const now = () => new Date("2026-11-20T10:00:00Z");
  await Promise.all([bootstrap(t.db, token, now), bootstrap(t.db, token, now)]);
  const ask = () =>
    contextOf(t.db, new Request("http://x/", { headers: { authorization: `Bearer ${token.reveal()}` } }), "r", now);
  const { actor, ...rest } = await ask();
  expect(actor).toMatchObject({ kind: "service", name: "BOOTSTRAP_TOKEN" });
  const { items } = await listTokens({ ...rest, actor }, {});
  expect(items.filter((i) => i.name === "BOOTSTRAP_TOKEN")).toHaveLength(1);
  const made = await createToken({ ...rest, actor }, { name: "CI", kind: "service" });
  expect(made.roles).toEqual(["service"]);
  expect(await refused(createToken({ ...rest, actor }, { name: "x", kind: "service", roles: ["admin"] }))).toMatch(
    /^forbidden: A service cannot make another administrator/,
  );
  await revokeToken(admin.ctx, { token: actor.id });
  await bootstrap(t.db, token, now);
  expect(await refused(ask())).toMatch(/revoked/);
});

test("without BOOTSTRAP_TOKEN nothing is made", async () => {
  const before = (await listTokens(admin.ctx, {})).items.length;
  await bootstrap(t.db, null);
  expect((await listTokens(admin.ctx, {})).items).toHaveLength(before);
});
