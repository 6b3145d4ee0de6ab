import { sql } from "drizzle-orm";
import { NextRequest } from "next/server";
import NextAuth from "next-auth";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { holds } from "@/lib/core/actor";
import { Refusal } from "@/lib/core/refusal";
import { deactivate } from "@/lib/people/deactivate";
import { grantRole } from "@/lib/people/grant";
import { invite } from "@/lib/people/invite";
import { getPerson } from "@/lib/people/queries";
import { endAllSessions } from "@/lib/sessions/end";
import { testDatabase } from "@/lib/testing/database";
import { oidcServer } from "@/lib/testing/oidc-server.mjs";
import { testCtx } from "@/lib/testing/people";
import { createUnit } from "@/lib/units/create";
import { authConfig } from "./next-auth";
import { contextOf } from "./request";

const portal = "http://localhost:3999";
let t: Awaited<ReturnType<typeof testDatabase>>;
let idp: Awaited<ReturnType<typeof oidcServer>>;
let signUp = true;
beforeAll(async () => {
  t = await testDatabase();
  idp = await oidcServer(`${portal}/api/auth/callback/oidc`);
  await createUnit(testCtx(t.db), { slug: "cards", name: "Cards" });
});
afterAll(async () => {
  await idp.close();
  await t.drop();
});
beforeEach(() => {
  signUp = true;
});

const auth = () =>
  NextAuth(() =>
    authConfig(
      {
        db: t.db,
        config: {
          secure: false,
          sessionHours: 12,
          oidc: {
            issuer: idp.issuer,
            clientId: idp.clientId,
            name: "Test",
            scope: "openid profile email",
            roleClaim: "groups",
            roleMap: [
              { group: "arb-chairs", role: "board_chair", unit: null },
              { group: "card-owners", role: "contributor", unit: "cards" },
              { group: "lost", role: "viewer", unit: "no-such-unit" },
            ],
            signUp,
          },
        },
        clientSecret: idp.clientSecret,
        authSecret: "a-secret-of-the-test-with-32-characters",
        now: () => new Date(),
      },
      "Test browser",
    ),
  ).handlers;

/** A browser: keeps cookies by site, follows one step at a time. */
function browser() {
  const jar = new Map<string, Map<string, string>>();
  const keep = (origin: string, response: Response) => {
    const cookies = jar.get(origin) ?? new Map<string, string>();
    jar.set(origin, cookies);
    for (const line of response.headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      const at = pair.indexOf("=");
      if (/max-age=0|expires=thu, 01 jan 1970/i.test(line)) cookies.delete(pair.slice(0, at));
      else cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return response;
  };
  const cookie = (origin: string) => [...(jar.get(origin) ?? [])].map(([k, v]) => `${k}=${v}`).join("; ");
  const go = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const { origin } = new URL(url);
    const headers = { ...Object.fromEntries(new Headers(init.headers)), cookie: cookie(origin) };
    if (origin !== portal) return keep(origin, await fetch(url, { ...init, headers, redirect: "manual" }));
    const request = new NextRequest(url, { method: init.method ?? "GET", headers, body: init.body ?? null });
    return keep(origin, await auth()[request.method === "POST" ? "POST" : "GET"](request));
  };
  const locationOf = (response: Response, base: string) =>
    new URL(response.headers.get("location") ?? "nowhere:", base).href;

  /** Starts at the portal and stops before the callback; the address that the provider sends the browser to. */
  const untilCallback = async (): Promise<string> => {
    const csrf: unknown = await (await go(`${portal}/api/auth/csrf`)).json();
    const csrfToken = typeof csrf === "object" && csrf && "csrfToken" in csrf ? String(csrf.csrfToken) : "";
    const started = await go(`${portal}/api/auth/signin/oidc`, {
      method: "POST",
      body: new URLSearchParams({ csrfToken, callbackUrl: `${portal}/reviews` }).toString(),
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
    let url = locationOf(started, portal);
    for (let step = 0; step < 10 && !url.startsWith(portal); step++) url = locationOf(await go(url), url);
    return url;
  };
  return {
    jar,
    go,
    untilCallback,
    signIn: async () => locationOf(await go(await untilCallback()), portal),
    ask: () =>
      contextOf(
        t.db,
        new Request(`${portal}/api/v1/x`, { headers: { cookie: cookie(portal) } }),
        "r",
        () => new Date(),
      ),
  };
}

const account = (sub: string, more: Record<string, unknown> = {}) => {
  idp.accounts.set(sub, { sub, email: `${sub}@halden.example`, email_verified: true, name: `Person ${sub}`, ...more });
  idp.signInAs(sub);
};

const count = async (what: ReturnType<typeof sql>): Promise<number> => {
  const { rows } = await t.db.execute<{ n: number }>(sql`select count(*)::int as n from ${what}`);
  return rows[0]?.n ?? -1;
};

async function refused(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => null,
    (e: unknown) => e,
  );
  if (!(error instanceof Refusal)) throw new Error(`expected a refusal, got ${String(error)}`);
  return error.code;
}

test("someone new gets an account, roles by group, a hashed session, and log entries", async () => {
  account("new1", { groups: ["arb-chairs", "lost", "strangers"] });
  const b = browser();
  expect(await b.signIn()).toBe(`${portal}/reviews`);
  const { actor } = await b.ask();
  expect(actor).toMatchObject({ kind: "person", name: "Person new1", grants: [{ role: "board_chair", units: null }] });
  const { rows } = await t.db.execute<{ name: string; summary: string }>(
    sql`select name, summary from log_entry where subject_id = ${actor.id} order by id`,
  );
  expect(rows).toEqual([
    {
      name: "person.admitted",
      summary: "admitted Person new1 from the identity provider: made an account; gave ARB chair",
    },
    { name: "session.started", summary: "signed in" },
  ]);
  const cookie = b.jar.get(portal)?.get("authjs.session-token") ?? "";
  expect(cookie).toMatch(/^[\w-]{43}$/);
  expect(await count(sql`session where session_token = ${cookie}`)).toBe(0);
  expect(
    await count(sql`session where user_id = ${actor.id} and user_agent = 'Test browser' and method = 'oidc'`),
  ).toBe(1);
});

test("groups that came and went change roles at the next sign-in; what was granted here stays", async () => {
  account("mover", { groups: ["card-owners"] });
  const b = browser();
  await b.signIn();
  const { actor } = await b.ask();
  await grantRole(testCtx(t.db), { person: actor.id, role: "viewer" });
  account("mover", { groups: ["arb-chairs"] });
  await b.signIn();
  expect((await b.ask()).actor.grants.map((g) => g.role).sort()).toEqual(["board_chair", "viewer"]);
  account("mover", {});
  await b.signIn();
  expect((await b.ask()).actor.grants.map((g) => g.role)).toEqual(["viewer"]);
  const { grants } = await getPerson(testCtx(t.db), { person: actor.id });
  expect(grants.map((g) => g.source)).toEqual(["portal"]);
});

test("an invited person is found by address, and keeps the account when the address changes", async () => {
  signUp = false;
  const made = await invite(testCtx(t.db), { name: "Invited Ivy", email: "ivy@halden.example" });
  account("ivy");
  const b = browser();
  await b.signIn();
  expect((await b.ask()).actor).toMatchObject({ id: made.id, name: "Invited Ivy" });
  account("ivy", { email: "ivy.new@halden.example" });
  const later = browser();
  await later.signIn();
  expect((await later.ask()).actor.id).toBe(made.id);
});

test.each([
  ["uninvited", {}, false, "not-invited"],
  ["unverified", { email_verified: false }, true, "email-unverified"],
  ["nomail", { email: undefined }, true, "no-email"],
])("%s: no account, no session, and a reason", async (sub, more, up, reason) => {
  signUp = up;
  account(sub, more);
  const sessions = await count(sql`session`);
  const b = browser();
  expect(await b.signIn()).toBe(`${portal}/sign-in?refused=${reason}`);
  expect(await refused(b.ask())).toBe("unauthenticated");
  expect(await count(sql`session`)).toBe(sessions);
  expect(await count(sql`account where provider_account_id = ${sub}`)).toBe(0);
});

test("another identity with the same address does not get into the account", async () => {
  account("first", { email: "shared@halden.example" });
  await browser().signIn();
  account("second", { email: "shared@halden.example" });
  expect(await browser().signIn()).toBe(`${portal}/sign-in?refused=other-identity`);
});

test("a deactivated person stays out, and a revoked session ends at once", async () => {
  account("leaver");
  const b = browser();
  await b.signIn();
  const { actor } = await b.ask();
  await endAllSessions(testCtx(t.db), { person: actor.id });
  expect(await refused(b.ask())).toBe("unauthenticated");
  await b.signIn();
  await deactivate(testCtx(t.db), { person: actor.id });
  expect(await refused(b.ask())).toBe("unauthenticated");
  expect(await b.signIn()).toBe(`${portal}/sign-in?refused=inactive`);
});

test("each sign-in makes a new session; a cookie planted before is not continued", async () => {
  account("fixed");
  const b = browser();
  b.jar.set(portal, new Map([["authjs.session-token", "planted-by-someone-else"]]));
  await b.signIn();
  expect(b.jar.get(portal)?.get("authjs.session-token")).not.toBe("planted-by-someone-else");
});

test("who says no at the provider comes back without a session", async () => {
  idp.signInAs("");
  const b = browser();
  expect(await b.signIn()).toContain("/sign-in?error=");
  expect(await refused(b.ask())).toBe("unauthenticated");
});

test.each([
  ["a wrong state", (url: URL) => url.searchParams.set("state", "forged"), undefined],
  ["no state", (url: URL) => url.searchParams.delete("state"), undefined],
  ["a wrong code", (url: URL) => url.searchParams.set("code", "forged"), undefined],
  ["the answer of another issuer", (url: URL) => url.searchParams.set("iss", "http://evil.example"), undefined],
  ["no state cookie", () => undefined, "authjs.state"],
  ["no PKCE cookie", () => undefined, "authjs.pkce.code_verifier"],
  ["no nonce cookie", () => undefined, "authjs.nonce"],
])("%s is refused", async (_what, forge, without) => {
  account("victim");
  const b = browser();
  const callback = new URL(await b.untilCallback());
  forge(callback);
  if (without) b.jar.get(portal)?.delete(without);
  const answer = await b.go(callback.href);
  expect(answer.headers.get("location")).toContain("/sign-in?error=");
  expect(await refused(b.ask())).toBe("unauthenticated");
});

test("the nonce of another browser is refused, and so is its answer", async () => {
  account("victim");
  const [mine, theirs] = [browser(), browser()];
  const callback = await mine.untilCallback();
  await theirs.untilCallback();
  const nonce = theirs.jar.get(portal)?.get("authjs.nonce") ?? "";
  mine.jar.get(portal)?.set("authjs.nonce", nonce);
  expect((await mine.go(callback)).headers.get("location")).toContain("/sign-in?error=");
  expect(await refused(mine.ask())).toBe("unauthenticated");
  expect((await theirs.go(callback)).headers.get("location")).toContain("/sign-in?error=");
});

test("a sign-in is not started without the token of its form", async () => {
  const b = browser();
  const answer = await b.go(`${portal}/api/auth/signin/oidc`, {
    method: "POST",
    body: "callbackUrl=%2F",
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
  expect(answer.headers.get("location")).not.toContain(idp.issuer);
});

test("a role held through a group counts in its unit only", async () => {
  account("owner", { groups: ["card-owners"] });
  const b = browser();
  await b.signIn();
  const { actor } = await b.ask();
  const { rows } = await t.db.execute<{ id: string }>(sql`select id from business_unit where slug = 'cards'`);
  expect(holds(actor, "inventory:write", rows[0]?.id)).toBe(true);
  expect(holds(actor, "inventory:write", "01a1fd2f-0000-7000-8000-000000000000")).toBe(false);
});
