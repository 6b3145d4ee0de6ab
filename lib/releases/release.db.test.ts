import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { jobs } from "@/db/schema/log";
import { modelVersions } from "@/db/schema/models";
import { people } from "@/db/schema/org";
import { approvals, releases } from "@/db/schema/releases";
import { credentials } from "@/db/schema/signing";
import { systemActor } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/command";
import { enrolSoftwareKey } from "@/lib/credentials/enrol-software";
import { offerKey } from "@/lib/credentials/offer-key";
import { signAsPersona } from "@/lib/credentials/persona-keys";
import { prepareEnrolment } from "@/lib/credentials/prepare-enrolment";
import { revokeKey } from "@/lib/credentials/revoke";
import { sha256 } from "@/lib/signing/sha256";
import { testDatabase } from "@/lib/testing/database";
import { enrolTestPasskey, testPasskey } from "@/lib/testing/enrolment";
import { testReleases } from "@/lib/testing/releases";
import { checkGate } from "./check-gate";
import { completeApproval } from "./complete-approval";
import { declineApproval } from "./decline-approval";
import { prepareApproval } from "./prepare-approval";
import { getRelease } from "./queries";
import { refreshRelease } from "./refresh";
import { requestRelease } from "./request";
import { revokeApproval } from "./revoke-approval";
import { withdrawRelease } from "./withdraw";

let database: Awaited<ReturnType<typeof testDatabase>>;
let t: Awaited<ReturnType<typeof testReleases>>;
beforeAll(async () => {
  database = await testDatabase();
  t = await testReleases(database.db);
});
afterAll(() => database.drop());
beforeEach(() => {
  t.now.at = new Date("2026-11-02T09:00:00Z");
});

const request = async (m: { name: string; version: string }, ctx: Ctx = t.owner) =>
  (await requestRelease(ctx, { model: m.name, version: m.version, environment: "prod" })).ref;
const ask = (m: { name: string; version: string; digest: string }, more: Record<string, unknown> = {}) =>
  checkGate(t.service("ci"), { model: m.name, version: m.version, digest: m.digest, environment: "prod", ...more });
const codes = async (m: Parameters<typeof ask>[0]) => (await ask(m)).reasons.map((r) => r.code);
const entries = async (name: string) =>
  Number(
    (await database.db.execute<{ n: string }>(sql`select count(*) as n from log_entry where name = ${name}`)).rows[0]
      ?.n,
  );

test("from request to a signed allow, with the registry promoted once", async () => {
  const m = await t.model();
  expect(await codes(m)).toEqual(["NO_REQUEST"]);
  const ref = await request(m);
  expect(ref).toMatch(/^REL-\d{4}$/);
  expect(await codes(m)).toEqual(["APPROVAL_MISSING"]);
  await t.sign(t.architect, ref);
  const answer = await ask(m, { nonce: "build-4711" });
  expect(answer).toMatchObject({ decision: "allow", reasons: [], release: ref, nonce: "build-4711" });
  const vsa = JSON.parse(Buffer.from(answer.dsse.payload, "base64").toString());
  expect(vsa).toMatchObject({
    predicateType: "https://slsa.dev/verification_summary/v1",
    subject: [{ digest: { sha256: m.digest } }],
    predicate: {
      verificationResult: "PASSED",
      resourceUri: expect.stringContaining("?env=prod"),
      inputAttestations: [{}, {}],
      "https://localhost/predicate/release-decision/v1": { decision: "allow", requestNonce: "build-4711" },
    },
  });
  expect(Date.parse(answer.expiresAt) - Date.parse(answer.answeredAt)).toBeLessThanOrEqual(15 * 60_000);
  await ask(m);
  const waiting = await database.db.select().from(jobs).where(eq(jobs.name, "registry.promote"));
  expect(waiting).toHaveLength(1);
});

test("a denial is signed as a denial of the question, never as a summary of the artefact", async () => {
  const m = await t.model();
  const answer = await ask(m);
  const denial = JSON.parse(Buffer.from(answer.dsse.payload, "base64").toString());
  expect(denial.predicateType).toBe("https://localhost/attestation/release-denial/v1");
  expect(denial.subject[0].digest.sha256).not.toBe(m.digest);
  expect(denial.predicate.reasons[0].code).toBe("NO_REQUEST");
});

test("one open request per version and environment", async () => {
  const m = await t.model();
  const ref = await request(m);
  await expect(request(m)).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining(ref) });
  await withdrawRelease(t.owner, { release: ref, reason: "Built from the wrong branch." });
  await expect(request(m)).resolves.toMatch(/^REL-/);
});

test("of two simultaneous requests one wins", async () => {
  const m = await t.model();
  const results = await Promise.allSettled([request(m), request(m)]);
  expect(results.map((r) => r.status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(results.find((r) => r.status === "rejected")).toMatchObject({ reason: { code: "conflict" } });
});

test("a service token cannot ask for a release", async () => {
  const m = await t.model();
  await expect(request(m, t.service("ci"))).rejects.toMatchObject({ code: "forbidden" });
});

test("no request without a measured artefact or a tier", async () => {
  const unmeasured = await t.model({}, { digest: null });
  await expect(request(unmeasured)).rejects.toThrow(/measured/);
  const untiered = await t.model({ tier: null });
  await expect(request(untiered)).rejects.toThrow(/twelve risk questions/);
});

test("the requester cannot approve, and neither can the trainer", async () => {
  const m = await t.model({}, { trainedBy: "milan.novak@example.com" });
  const ref = await request(m);
  await expect(prepareApproval(t.owner, { release: ref })).rejects.toThrow(/You asked for this release/);
  await expect(prepareApproval(t.architect, { release: ref })).rejects.toThrow(/You trained this version/);
});

test("whoever lacks the role is refused, and so is an administrator", async () => {
  const m = await t.model();
  const ref = await request(m);
  const viewer = await t.person("Vera Lind", "viewer");
  await expect(prepareApproval(viewer, { release: ref })).rejects.toMatchObject({ code: "forbidden" });
  const elsewhere = await t.person("Jonas Weber", "contributor", [t.units.claims]);
  await expect(prepareApproval(elsewhere, { release: ref })).rejects.toThrow(/none of these roles/);
  const admin = await t.person("Ada Admin", "admin");
  await expect(prepareApproval(admin, { release: ref })).rejects.toThrow(/takes part in no decision/);
});

test("a role taken away between preparing and signing is refused", async () => {
  const ref = await request(await t.model());
  const key = await t.keyOf(t.security);
  const prepared = await prepareApproval(t.security, { release: ref });
  const stripped: Ctx = { ...t.security, actor: { ...t.security.actor, grants: [] } };
  const assertion = key.sign(Buffer.from(prepared.statement, "base64"));
  await expect(completeApproval(stripped, { token: prepared.token, assertion })).rejects.toMatchObject({
    code: "forbidden",
  });
});

test("of two simultaneous signatures by one person one counts, with one entry", async () => {
  const ref = await request(await t.model());
  const key = await t.keyOf(t.security);
  const prepared = await Promise.all([
    prepareApproval(t.security, { release: ref }),
    prepareApproval(t.security, { release: ref }),
  ]);
  const before = await entries("approval.completed");
  const results = await Promise.allSettled(
    prepared.map((p) =>
      completeApproval(t.security, { token: p.token, assertion: key.sign(Buffer.from(p.statement, "base64")) }),
    ),
  );
  expect(results.map((r) => r.status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(results.find((r) => r.status === "rejected")).toMatchObject({
    reason: { code: "conflict", message: expect.any(String) },
  });
  expect(await entries("approval.completed")).toBe(before + 1);
});

test("a second key of the same person does not make a second signature", async () => {
  const ref = await request(await t.model());
  await t.sign(t.security, ref);
  const second = await enrolTestPasskey(t.security, "Second key");
  await expect(prepareApproval(t.security, { release: ref, credential: second.kid })).rejects.toThrow(/already/);
});

test("a link works once and for ten minutes", async () => {
  const ref = await request(await t.model());
  const key = await t.keyOf(t.security);
  const prepared = await prepareApproval(t.security, { release: ref });
  const assertion = key.sign(Buffer.from(prepared.statement, "base64"));
  t.now.at = new Date("2026-11-02T09:10:01Z");
  await expect(completeApproval(t.security, { token: prepared.token, assertion })).rejects.toMatchObject({
    code: "gone",
  });
  t.now.at = new Date("2026-11-02T09:09:00Z");
  await completeApproval(t.security, { token: prepared.token, assertion });
  await expect(completeApproval(t.security, { token: prepared.token, assertion })).rejects.toMatchObject({
    code: "gone",
  });
});

test("another person's link is refused", async () => {
  const ref = await request(await t.model());
  const prepared = await prepareApproval(t.security, { release: ref });
  const key = await t.keyOf(t.architect);
  const assertion = key.sign(Buffer.from(prepared.statement, "base64"));
  await expect(completeApproval(t.architect, { token: prepared.token, assertion })).rejects.toThrow(/another person's/);
});

test.each([
  ["without user verification", { flags: 0x01 }, /userVerified/],
  ["for another relying party", { rpId: "localhost" }, /rpId/],
  ["from another origin", { origin: "http://localhost:3000" }, /origin/],
  ["inside another page", { clientDataTail: ',"crossOrigin":true' }, /crossOrigin/],
  ["of the wrong type", { type: "webauthn.create" }, /type/],
] as const)("a signature %s is refused by name", async (_name, odd, message) => {
  const ref = await request(await t.model());
  const key = await t.keyOf(t.security);
  const prepared = await prepareApproval(t.security, { release: ref });
  const assertion = key.sign(Buffer.from(prepared.statement, "base64"), odd);
  await expect(completeApproval(t.security, { token: prepared.token, assertion })).rejects.toThrow(message);
});

test("an answer for another statement is refused", async () => {
  const [one, two] = [await request(await t.model()), await request(await t.model())];
  const key = await t.keyOf(t.security);
  const first = await prepareApproval(t.security, { release: one });
  const second = await prepareApproval(t.security, { release: two });
  const assertion = key.sign(Buffer.from(first.statement, "base64"));
  await expect(completeApproval(t.security, { token: second.token, assertion })).rejects.toThrow(/challenge/);
});

test("a revoked key signs nothing; what it signed before stands", async () => {
  const m = await t.model();
  const ref = await request(m);
  const person = await t.person("Rita Okafor", "security");
  const key = await enrolTestPasskey(person);
  const prepared = await prepareApproval(person, { release: ref });
  await completeApproval(person, {
    token: prepared.token,
    assertion: key.sign(Buffer.from(prepared.statement, "base64")),
  });
  const other = await request(await t.model());
  const late = await prepareApproval(person, { release: other });
  await revokeKey(person, { credential: key.kid, reason: "The laptop was stolen." });
  const assertion = key.sign(Buffer.from(late.statement, "base64"));
  await expect(completeApproval(person, { token: late.token, assertion })).rejects.toThrow(/revoked/);
  expect((await ask(m)).decision).toBe("allow");
});

test("a changed artefact makes the request and the signature stale, and says what changed", async () => {
  const m = await t.model();
  const ref = await request(m);
  await t.sign(t.architect, ref);
  const rebuilt = "f".repeat(64);
  await database.db.update(modelVersions).set({ digest: rebuilt }).where(eq(modelVersions.id, m.versionId));
  expect(await codes(m)).toContain("DIGEST_MISMATCH");
  expect(await codes({ ...m, digest: rebuilt })).toEqual(["REQUEST_OUTDATED"]);
  const refreshed = await refreshRelease(t.owner, { release: ref });
  expect(refreshed?.changed).toEqual(["digest", "assessmentDigest"]);
  expect(await codes({ ...m, digest: rebuilt })).toEqual(["APPROVAL_STALE"]);
  const page = await getRelease(t.owner, { release: ref });
  const stale = page.answer.approvals[0];
  expect(stale?.state).toBe("stale");
  expect(page.changes[stale?.requestSha256 ?? ""]?.changes).toContainEqual({
    label: "Digest",
    before: m.digest,
    after: rebuilt,
    why: expect.stringContaining("no longer covers"),
  });
  await t.sign(t.architect, ref);
  expect((await ask({ ...m, digest: rebuilt })).decision).toBe("allow");
  expect(await database.db.select().from(approvals).where(eq(approvals.personId, t.architect.actor.id))).toContainEqual(
    expect.objectContaining({ supersededAt: expect.any(Date) }),
  );
});

test("a statement worded before a refresh is refused", async () => {
  const m = await t.model();
  const ref = await request(m);
  const key = await t.keyOf(t.architect);
  const prepared = await prepareApproval(t.architect, { release: ref });
  await database.db
    .update(modelVersions)
    .set({ digest: "e".repeat(64) })
    .where(eq(modelVersions.id, m.versionId));
  await refreshRelease(t.owner, { release: ref });
  const assertion = key.sign(Buffer.from(prepared.statement, "base64"));
  await expect(completeApproval(t.architect, { token: prepared.token, assertion })).rejects.toThrow(
    /changed after this statement/,
  );
});

test("a refresh that finds nothing new changes nothing, and only the requester may", async () => {
  const ref = await request(await t.model());
  const before = await entries("release.refreshed");
  expect(await refreshRelease(t.owner, { release: ref })).toMatchObject({ changed: [] });
  expect(await entries("release.refreshed")).toBe(before);
  const peer = await t.person("Tomas Berg", "contributor", [t.units.retail]);
  await expect(refreshRelease(peer, { release: ref })).rejects.toMatchObject({ code: "forbidden" });
});

test("an approval ends", async () => {
  const m = await t.model();
  const ref = await request(m);
  await t.sign(t.architect, ref);
  t.now.at = new Date("2027-01-25T09:00:00Z");
  expect((await ask(m)).upcoming.map((u) => u.code)).toContain("APPROVAL_EXPIRED");
  t.now.at = new Date("2027-02-01T09:00:00Z");
  expect(await codes(m)).toEqual(["APPROVAL_EXPIRED"]);
});

test("a rejection after an approval by the same person closes the request", async () => {
  const m = await t.model();
  const ref = await request(m);
  await t.sign(t.architect, ref);
  await expect(prepareApproval(t.architect, { release: ref, decision: "REJECT" })).rejects.toThrow(/Say why/);
  await t.sign(t.architect, ref, { decision: "REJECT", reason: "The rollback was never rehearsed." });
  expect(await codes(m)).toContain("APPROVAL_REJECTED");
  await expect(prepareApproval(t.security, { release: ref })).rejects.toThrow(/rejected/);
  await expect(request(m)).resolves.toMatch(/^REL-/);
});

test("one's own signature can be taken back with a reason, nobody else's", async () => {
  const m = await t.model();
  const ref = await request(m);
  await t.sign(t.architect, ref);
  expect((await ask(m)).decision).toBe("allow");
  await expect(revokeApproval(t.security, { release: ref, reason: "Not mine to take back." })).rejects.toMatchObject({
    code: "not_found",
  });
  await revokeApproval(t.architect, { release: ref, reason: "I read the wrong report." });
  expect(await codes(m)).toEqual(["APPROVAL_MISSING"]);
  const [row] = await database.db.select().from(releases).where(eq(releases.ref, ref));
  expect(row?.status).toBe("open");
});

test("declining uses up the link and is on record", async () => {
  const ref = await request(await t.model());
  const prepared = await prepareApproval(t.security, { release: ref });
  await declineApproval(t.security, { token: prepared.token, reason: "The test report is missing." });
  const key = await t.keyOf(t.security);
  const assertion = key.sign(Buffer.from(prepared.statement, "base64"));
  await expect(completeApproval(t.security, { token: prepared.token, assertion })).rejects.toMatchObject({
    code: "gone",
  });
});

test("a passkey without user verification, or for another link, cannot be enrolled", async () => {
  const person = await t.person("Eva Holm", "security");
  const key = testPasskey();
  const { token } = await prepareEnrolment(person, { label: "My key" });
  await expect(offerKey(person, { token, ...key.creation(sha256(Buffer.from(token)), 0x41) })).rejects.toThrow(
    /cannot be enrolled/,
  );
  await expect(offerKey(person, { token, ...key.creation(Buffer.alloc(32)) })).rejects.toThrow(/cannot be enrolled/);
  expect(await database.db.select().from(credentials).where(eq(credentials.personId, person.actor.id))).toEqual([]);
});

test("software keys: personas of the demo only, and their signature counts there", async () => {
  const system: Ctx = t.ctxOf(systemActor);
  const real = await t.person("Not Persona", "security");
  await expect(enrolSoftwareKey(system, { person: real.actor.id })).rejects.toThrow(/personas only/);
  const persona = await t.person("Demo Dora", "security");
  await database.db.update(people).set({ persona: true }).where(eq(people.id, persona.actor.id));
  await expect(enrolSoftwareKey(persona, { person: persona.actor.id })).rejects.toMatchObject({ code: "forbidden" });
  await enrolSoftwareKey(system, { person: persona.actor.id });
  const m = await t.model();
  const ref = await request(m);
  const prepared = await prepareApproval(persona, { release: ref });
  const payload = Buffer.from(prepared.statement, "base64");
  const wrong = await signAsPersona(persona.actor.id, Buffer.from("{}"));
  await expect(completeApproval(persona, { token: prepared.token, dsse: wrong.toString("base64") })).rejects.toThrow(
    /does not hold/,
  );
  await completeApproval(persona, {
    token: prepared.token,
    dsse: (await signAsPersona(persona.actor.id, payload)).toString("base64"),
  });
  expect((await ask(m)).decision).toBe("allow");
});

test("the gate's denial names people other than the requester", async () => {
  const m = await t.model();
  await request(m);
  const [reason] = (await ask(m)).reasons;
  expect(reason?.who).not.toContain("Priya Raman");
  expect(reason?.who).toMatch(/Milan Novak|Noor Haddad|others/);
});

test("the same question many times in the same instant gets an answer each", async () => {
  const m = await t.model();
  const answers = await Promise.all(Array.from({ length: 8 }, () => ask(m)));
  expect(new Set(answers.map((a) => a.dsse.payload)).size).toBe(8);
});

test("who may not ask the gate is refused", async () => {
  const viewer = await t.person("Otto Blick", "viewer");
  const m = await t.model();
  await expect(
    checkGate(viewer, { model: m.name, version: m.version, digest: m.digest, environment: "prod" }),
  ).rejects.toMatchObject({ code: "forbidden" });
});
