import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/lib/testing/database";
import { testReleases } from "@/lib/testing/releases";
import { checkGate } from "./check-gate";
import { dryRunPolicy } from "./dry-run-query";
import { policyBy } from "./policies";
import { requestRelease } from "./request";
import { withdrawRelease } from "./withdraw";

let database: Awaited<ReturnType<typeof testDatabase>>;
let t: Awaited<ReturnType<typeof testReleases>>;
let open: string;
let closed: string;
let unasked: string;
const { source } = policyBy("prod-release");
/** The policy in force with two peers in tier 4. */
const twoPeers = (() => {
  const at = source.lastIndexOf("count: 1");
  return `${source.slice(0, at)}count: 2${source.slice(at + "count: 1".length)}`;
})();

beforeAll(async () => {
  database = await testDatabase();
  t = await testReleases(database.db);
  const models = [await t.model({ name: "open-one" }), await t.model({ name: "closed-one" }), await t.model()];
  // Models made outside a command are kept with the database's clock: what follows is later.
  t.now.at = new Date(Date.now() + 60_000);
  const refs: string[] = [];
  for (const [i, m] of models.entries()) {
    const { ref } = await requestRelease(t.owner, { model: m.name, version: m.version, environment: "prod" });
    refs.push(ref);
    if (i === 2) continue;
    await t.sign(t.architect, ref);
    const answer = await checkGate(t.service("ci"), {
      model: m.name,
      version: m.version,
      digest: m.digest,
      environment: "prod",
    });
    expect(answer.decision).toBe("allow");
    t.now.at = new Date(t.now.at.getTime() + 1000);
  }
  [open = "", closed = "", unasked = ""] = refs;
  for (const release of [closed, unasked])
    await withdrawRelease(t.owner, { release, reason: "A newer version takes its place." });
});
afterAll(() => database.drop());

const run = (text: string, more: Record<string, unknown> = {}, ctx = t.security) =>
  dryRunPolicy(ctx, { policy: "prod-release", source: text, ...more });
const of = (result: Awaited<ReturnType<typeof run>>, ref: string) => result.releases.find((r) => r.ref === ref);

test("the policy in force changes nothing, and a release that was never asked about is no pass", async () => {
  const result = await run(source);
  expect(result).toMatchObject({
    policy: { id: "prod-release", digest: policyBy("prod-release").policy.digest },
    tried: { open: 1, moreOpen: false, closed: 2 },
    changes: { same: 2, opens: 0, closes: 0, reasons: 0, cannotTell: 1 },
  });
  expect(result.cases.every((c) => c.holds)).toBe(true);
  expect(of(result, unasked)).toMatchObject({
    change: "cannot_tell",
    after: null,
    why: expect.stringContaining("never asked"),
  });
});

test("a second signature in tier 4 would deny both, and says what lacks before and after", async () => {
  const result = await run(twoPeers);
  for (const ref of [open, closed])
    expect(of(result, ref)).toMatchObject({
      change: "closes",
      before: { decision: "allow", reasons: [] },
      after: { decision: "deny", reasons: [{ code: "APPROVAL_MISSING" }] },
    });
  expect(result.cases.filter((c) => !c.holds).map((c) => c.name)).toEqual([
    "A failed item blocks every tier",
    "Tier 4 needs no board decision",
  ]);
});

test("a check that is new is judged for what is open; of what is closed nobody can tell", async () => {
  const result = await run(source.replace('expr: model.owner != ""', 'expr: model.owner == "Nobody"'));
  expect(of(result, open)).toMatchObject({ change: "closes", after: { reasons: [{ code: "OWNER_MISSING" }] } });
  expect(of(result, closed)).toMatchObject({ change: "cannot_tell", before: { decision: "allow" }, after: null });
});

test("what is no policy, or contradicts another, is refused with the way out", async () => {
  const refused = (text: string) => expect(run(text)).rejects;
  await refused("tiers: [").toThrow(/no YAML/);
  await refused("just text").toMatchObject({ code: "invalid" });
  await refused(source.replace("id: prod-release", "id: other-release")).toThrow(/The text is of other-release/);
  await refused(source.replace("environments: [prod]", "environments: [prod, staging]")).toThrow(
    /staging-release governs staging already/,
  );
  await refused(source.replace('expr: model.owner != ""', "expr: model.owner !=")).toThrow(/does not parse/);
  await refused(
    source.replace('expr: model.owner != ""', "expr: facts.all(a, facts.all(b, facts.all(c, true)))"),
  ).toThrow(/walks lists/);
  await refused(source.replace("version: 1", "version: 1\nsurprise: yes")).toThrow(/Unknown field/);
  await expect(run(source, { policy: "no-such" })).rejects.toMatchObject({ code: "not_found" });
  await expect(run(source, { cases: "cases: []" })).rejects.toMatchObject({ code: "invalid" });
});

test("whoever signs releases may try; a viewer may not, and one sees one's own units", async () => {
  const viewer = await t.person("Vera Lind", "viewer");
  await expect(run(source, {}, viewer)).rejects.toMatchObject({ code: "forbidden" });
  const elsewhere = await t.person("Daniel Achterberg", "contributor", [t.units.claims]);
  expect((await run(source, {}, elsewhere)).releases).toEqual([]);
});
