import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { holds } from "@/lib/core/actor";
import { Refusal } from "@/lib/core/refusal";
import { deactivate } from "@/lib/people/deactivate";
import { grantRole } from "@/lib/people/grant";
import { endAllSessions, endSession } from "@/lib/sessions/end";
import { listSessions } from "@/lib/sessions/queries";
import { testDatabase } from "@/lib/testing/database";
import { testCtx, testPerson } from "@/lib/testing/people";
import { createToken } from "@/lib/tokens/create";
import { revokeToken } from "@/lib/tokens/revoke";
import { createUnit } from "@/lib/units/create";
import { contextOf } from "./request";

let t: Awaited<ReturnType<typeof testDatabase>>;
let now = new Date("2026-11-20T10:00:00Z");
beforeAll(async () => {
  t = await testDatabase();
  await createUnit(testCtx(t.db), { slug: "group", name: "Group" });
  await createUnit(testCtx(t.db), { slug: "bank", name: "Bank", parent: "group" });
  await createUnit(testCtx(t.db), { slug: "cards", name: "Cards", parent: "bank" });
  await createUnit(testCtx(t.db), { slug: "claims", name: "Claims", parent: "group" });
});
afterAll(() => t.drop());

const ask = (headers: Record<string, string>, method = "GET") =>
  contextOf(t.db, new Request("http://localhost/api/v1/x", { method, headers }), "r1", () => now);
const bearer = (token: string) => ask({ authorization: `Bearer ${token}` });
const browser = (cookie: string, method = "GET", extra: Record<string, string> = {}) =>
  ask({ cookie: `theme=dark; authjs.session-token=${cookie}`, ...extra }, method);

async function refused(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => null,
    (e: unknown) => e,
  );
  if (!(error instanceof Refusal)) throw new Error(`expected a refusal, got ${String(error)}`);
  return `${error.code}: ${error.message}`;
}

const unitId = async (slug: string): Promise<string> => {
  const { rows } = await t.db.execute<{ id: string }>(sql`select id from business_unit where slug = ${slug}`);
  return rows[0]?.id ?? "";
};

test("without a token or a session the answer says how to get in", async () => {
  expect(await refused(ask({}))).toMatch(/^unauthenticated: Send an API token/);
});

test.each(["Basic dTpw", "Bearer", "Bearer a b", `Bearer ${"x".repeat(201)}`, "Bearer tö"])(
  "%j is no bearer token",
  async (authorization) => {
    expect(await refused(ask({ authorization }))).toMatch(/^unauthenticated/);
  },
);

test("an unknown token is refused", async () => {
  expect(await refused(bearer("cs_unknown"))).toBe(
    "unauthenticated: This API token is not known here. Check that it was copied whole.",
  );
});

test("a service token speaks for its service, an expired or revoked one for nobody", async () => {
  const admin = await testPerson(t.db, "Ada Admin", ["admin"]);
  const made = await createToken(admin.ctx, { name: "CI", kind: "service", days: 1 });
  const { actor } = await bearer(made.token);
  expect(actor).toMatchObject({ kind: "service", id: made.id, name: "CI" });
  expect(holds(actor, "gate:check")).toBe(true);
  expect(holds(actor, "releases:approve")).toBe(false);

  now = new Date("2026-11-21T10:00:00Z");
  expect(await refused(bearer(made.token))).toMatch(/^unauthenticated: This API token has expired/);
  now = new Date("2026-11-20T10:00:00Z");
  await revokeToken(admin.ctx, { token: made.id });
  expect(await refused(bearer(made.token))).toMatch(/^unauthenticated: This API token was revoked/);
});

test("a token of a person has the person's roles of this moment, within its scopes", async () => {
  const owner = await testPerson(t.db, "Olga Owner", ["contributor"], "bank");
  const { token } = await createToken(owner.ctx, { name: "notebook", scopes: ["inventory:write", "people:manage"] });
  const { actor } = await bearer(token);
  expect(actor).toMatchObject({ kind: "person", id: owner.id, name: "Olga Owner" });
  expect(holds(actor, "inventory:write", await unitId("cards"))).toBe(true);
  expect(holds(actor, "inventory:write", await unitId("claims"))).toBe(false);
  expect(holds(actor, "inventory:write", await unitId("group"))).toBe(false);
  expect(holds(actor, "reviews:submit"), "outside the scopes").toBe(false);
  expect(holds(actor, "people:manage"), "a scope gives nothing by itself").toBe(false);

  await grantRole(testCtx(t.db), { person: owner.id, role: "contributor", unit: "claims" });
  expect(holds((await bearer(token)).actor, "inventory:write", await unitId("claims"))).toBe(true);

  await deactivate(testCtx(t.db), { person: owner.id });
  expect(await refused(bearer(token))).toMatch(/^unauthenticated/);
});

test("the time of last use is noted at most once a minute", async () => {
  const admin = await testPerson(t.db, "Abel Admin", ["admin"]);
  const { token, id } = await createToken(admin.ctx, { name: "poller", kind: "service" });
  const lastUse = async () => {
    const { rows } = await t.db.execute<{ at: string | null }>(
      sql`select last_used_at::text as at from api_token where id = ${id}`,
    );
    return rows[0]?.at ?? null;
  };
  expect(await lastUse()).toBeNull();
  await bearer(token);
  const first = await lastUse();
  now = new Date("2026-11-20T10:00:30Z");
  await bearer(token);
  expect(await lastUse()).toBe(first);
  now = new Date("2026-11-20T10:01:30Z");
  await bearer(token);
  expect(await lastUse()).not.toBe(first);
  now = new Date("2026-11-20T10:00:00Z");
});

test("a browser session reads from anywhere and writes from the portal's own pages only", async () => {
  const person = await testPerson(t.db, "Bo Browser", ["viewer"]);
  expect((await browser(person.cookie)).actor.id).toBe(person.id);
  expect((await browser(person.cookie, "POST", { "sec-fetch-site": "same-origin" })).actor.id).toBe(person.id);
  for (const site of ["cross-site", "same-site", "none"])
    expect(await refused(browser(person.cookie, "POST", { "sec-fetch-site": site }))).toMatch(/^forbidden/);
  for (const method of ["POST", "PUT", "PATCH", "DELETE"])
    expect(await refused(browser(person.cookie, method))).toMatch(/^forbidden/);
});

test("a session ends with its time, by sign-out, everywhere at once, and with the account", async () => {
  const person = await testPerson(t.db, "Sia Session", ["viewer"]);
  now = new Date("2026-11-20T22:00:00Z");
  expect(await refused(browser(person.cookie))).toMatch(/^unauthenticated: Your session has ended/);
  now = new Date("2026-11-20T10:00:00Z");

  const { items } = await listSessions(person.ctx, { person: "me" });
  expect(items).toHaveLength(1);
  const stranger = await testPerson(t.db, "Stan Stranger", ["architect"]);
  expect(await refused(endSession(stranger.ctx, { session: items[0]?.id }))).toMatch(/^not_found/);
  expect((await listSessions(stranger.ctx, { person: person.id })).items).toEqual([]);
  await endSession(person.ctx, { session: items[0]?.id });
  expect(await refused(browser(person.cookie))).toMatch(/^unauthenticated/);

  const admin = await testPerson(t.db, "Ann Admin", ["admin"]);
  expect(await endAllSessions(admin.ctx, { person: stranger.id })).toEqual({ ended: 1 });
  expect(await refused(browser(stranger.cookie))).toMatch(/^unauthenticated/);
  expect(await refused(endAllSessions(stranger.ctx, { person: admin.id }))).toMatch(/^not_found/);

  const closed = await testPerson(t.db, "Cleo Closed", ["viewer"]);
  await deactivate(admin.ctx, { person: closed.id });
  expect(await refused(browser(closed.cookie))).toMatch(/^unauthenticated/);
});

test("a role taken back counts from the next request", async () => {
  const person = await testPerson(t.db, "Rea Revoked", ["board_chair"]);
  expect(holds((await browser(person.cookie)).actor, "reviews:decide")).toBe(true);
  await t.db.execute(sql`delete from role_grant where person_id = ${person.id}`);
  expect(holds((await browser(person.cookie)).actor, "reviews:decide")).toBe(false);
});

test("an Idempotency-Key must be visible ASCII, and means nothing on a read", async () => {
  const admin = await testPerson(t.db, "Ike Admin", ["admin"]);
  const { token } = await createToken(admin.ctx, { name: "keys", kind: "service" });
  const send = (key: string, method: string) =>
    ask({ authorization: `Bearer ${token}`, "idempotency-key": key }, method);
  expect(await refused(send("two words", "POST"))).toMatch(/^invalid/);
  expect(await refused(send("x".repeat(201), "POST"))).toMatch(/^invalid/);
  expect((await send("k-1", "POST")).idempotencyKey).toBe("k-1");
  expect((await send("k-1", "GET")).idempotencyKey).toBeUndefined();
});
