import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Actor, holds } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { type Right, type Role, rightsOf, roles } from "@/lib/core/rights";
import { operations } from "@/lib/operations";
import { requestRelease } from "@/lib/releases/request";
import { testDatabase } from "@/lib/testing/database";
import { validInput } from "@/lib/testing/inputs";
import { testReleases } from "@/lib/testing/releases";

let t: Awaited<ReturnType<typeof testDatabase>>;
let world: Awaited<ReturnType<typeof testReleases>>;
let model: Awaited<ReturnType<(typeof world)["model"]>>;
let release: string;
beforeAll(async () => {
  t = await testDatabase();
  world = await testReleases(t.db);
  person = (await world.person("Somebody", "viewer")).actor.id;
  model = await world.model();
  release = (await requestRelease(world.owner, { model: model.name, version: model.version, environment: "prod" })).ref;
});
afterAll(() => t.drop());

let person: string;
const someone = (kind: Actor["kind"], held: readonly Role[]): Ctx =>
  world.ctxOf({
    kind,
    id: kind === "person" ? person : newId(),
    name: "Somebody",
    grants: held.map((role) => ({ role, units: null })),
    scopes: null,
  });

/** What an operation answers; faults of ours are told apart from refusals. */
async function outcome(run: () => Promise<unknown>): Promise<string> {
  try {
    return `answered ${JSON.stringify(await run())}`;
  } catch (error) {
    return error instanceof Refusal
      ? error.code === "invalid"
        ? `invalid ${JSON.stringify(error.faults)}`
        : error.code
      : `fault: ${error instanceof Error ? error.stack : String(error)}`;
  }
}

/** Answer to everyone who is signed in, because they concern only the caller or nobody; each with its reason. */
const open: Readonly<Record<string, string>> = {
  "rights.list": "the rights table is part of the documentation",
  "tokens.list": "one's own tokens only",
  "sessions.list": "one's own sessions only",
  "people.get": "oneself only",
  "token.created": "a token of one's own holds no more than oneself",
  "queue.mine": "what waits on oneself",
  "queue.board": "lists what one may see: nothing",
  "queue.record": "lists what one may see: nothing",
  search: "finds pages, and of things only what one may see",
  "facts.catalogue": "the catalogue is part of the documentation",
  "risk.questionnaire": "the questionnaire is part of the documentation",
  "credential.enrolment.prepared": "a key of one's own, which signs nothing without a role",
  "policies.list": "policies are published to everyone here",
  "notification.read": "one's own notifications only",
  "notification.preferences.read": "one's own choices only",
  "notification.preferences.set": "one's own choices only",
  "credentials.list": "one's own keys only",
};

const empty = /^answered (\{"(items|rows|hits|results|groups|nodes)":\[\]|\[\]|null|\{"total":0)/;

describe("someone without any role", () => {
  test("gets nothing from any operation", async () => {
    const wrong: string[] = [];
    for (const operation of operations) {
      const { name } = operation.spec;
      const said = await outcome(() =>
        operation(someone("person", []), validInput(operation.spec, { release, model })),
      );
      if (name in open || said === "forbidden" || said === "not_found" || empty.test(said)) continue;
      wrong.push(`${name}: ${said.slice(0, 300)}`);
    }
    expect(wrong).toEqual([]);
  });
});

describe.each([
  ["administrators", "person", ["admin"]],
  ["services", "service", ["service"]],
  ["administrator services", "service", ["admin", "service"]],
  ["agents", "agent", ["agent"]],
] as const)("%s", (_who, kind, held) => {
  const deciding: readonly Right[] = [
    "reviews:vote",
    "reviews:decide",
    "releases:approve",
    "releases:break_glass",
    "decisions:accept",
    "conditions:accept",
    "readiness:waive",
    "readiness:attest",
    "risk:assess",
  ];

  test("hold no right to decide", () => {
    for (const right of deciding) expect(holds(someone(kind, held).actor, right), right).toBe(false);
  });

  test("cannot vote, decide, accept, approve, attest or waive through any operation", async () => {
    const verbs =
      /vote|break_glass\.|decision\.recorded|accepted|rejected|approval\.|waiver|waived|attest|lane\.changed|recusal|verified/;
    const named = operations.filter(({ spec }) => spec.kind === "command" && verbs.test(spec.name));
    expect(named.length).toBeGreaterThan(5);
    for (const operation of named) {
      const { name } = operation.spec;
      const said = await outcome(() => operation(someone(kind, held), validInput(operation.spec, { release, model })));
      expect(said, name).toMatch(/^(forbidden|not_found)$/);
    }
  });
});

test("even a service that was given every role by mistake does not decide on a release", async () => {
  for (const kind of ["service", "agent"] as const) {
    const ctx = someone(kind, roles);
    const operation = operations.find(({ spec }) => spec.name === "approval.prepared");
    expect(await outcome(async () => operation?.(ctx, { release }))).toBe("forbidden");
  }
});

test("roles that decide and the role that configures share no deciding right", () => {
  expect(rightsOf.admin.filter((r) => rightsOf.board_chair.includes(r) && !rightsOf.viewer.includes(r))).toEqual([]);
});
