import { generateKeyPairSync } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { roleGrants } from "@/db/schema/org";
import { credentials } from "@/db/schema/signing";
import { byPerson } from "@/lib/auth/identify";
import type { Ctx } from "@/lib/core/command";
import { checkGate } from "@/lib/releases/check-gate";
import { completeApproval } from "@/lib/releases/complete-approval";
import { prepareApproval } from "@/lib/releases/prepare-approval";
import { requestRelease } from "@/lib/releases/request";
import { sha256 } from "@/lib/signing/sha256";
import { ed25519Raw } from "@/lib/signing/spki";
import { testDatabase } from "@/lib/testing/database";
import { enrolTestPasskey, testPasskey } from "@/lib/testing/enrolment";
import { testReleases } from "@/lib/testing/releases";
import { enrolPasskey } from "./enrol";
import { offerKey } from "./offer-key";
import { prepareEnrolment } from "./prepare-enrolment";
import { revokeKey } from "./revoke";

// Negative cases of signing.md section 7 through the commands that take keys and signatures, each with the honest twin.

let database: Awaited<ReturnType<typeof testDatabase>>;
let t: Awaited<ReturnType<typeof testReleases>>;
beforeAll(async () => {
  database = await testDatabase();
  t = await testReleases(database.db);
});
afterAll(() => database.drop());

const opened = async (ctx: Ctx, more: Record<string, unknown> = {}) => {
  const m = await t.model();
  const { ref } = await requestRelease(t.owner, { model: m.name, version: m.version, environment: "prod" });
  const { token, statement } = await prepareApproval(ctx, { release: ref, ...more });
  const ask = () =>
    checkGate(t.service("ci"), { model: m.name, version: m.version, digest: m.digest, environment: "prod" });
  return { token, payload: Buffer.from(statement, "base64"), ask };
};

test("24: a passkey that is not ECDSA P-256 cannot be enrolled, one that is can", async () => {
  const person = await t.person("Hana Petrov", "security");
  const raw = ed25519Raw(generateKeyPairSync("ed25519").publicKey.export({ format: "der", type: "spki" }));
  // COSE_Key of Ed25519 (RFC 9053 section 7.2): {1: 1, 3: -8, -1: 6, -2: x}.
  const ed25519 = Uint8Array.from([0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 0x20, ...raw]);
  const key = testPasskey();
  const { token } = await prepareEnrolment(person, { label: "A key" });
  const creation = (cose?: Uint8Array) => key.creation(sha256(Buffer.from(token)), 0x45, cose);
  await expect(offerKey(person, { token, ...creation(ed25519) })).rejects.toThrow(/cannot be enrolled: .*-8/);
  expect(await offerKey(person, { token, ...creation() })).toMatchObject({ credentialId: key.id });
});

test("13, 25, 26: an enrolment is signed by the new key itself, in DER, with the person verified", async () => {
  const person = await t.person("Luis Prado", "security");
  const key = testPasskey();
  const { token } = await prepareEnrolment(person, { label: "A key" });
  const { payload } = await offerKey(person, { token, ...key.creation(sha256(Buffer.from(token))) });
  const statement = Buffer.from(payload, "base64");
  const enrol = (odd = {}) => enrolPasskey(person, { token, assertion: key.sign(statement, odd) });
  await expect(enrol({ flags: 0x01 })).rejects.toThrow(/authenticator\.userVerified/);
  await expect(enrol({ raw: true })).rejects.toThrow(/credential\.signature/);
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  await expect(enrol({ key: privateKey })).rejects.toThrow(/credential\.signature/);
  expect(await database.db.select().from(credentials).where(eq(credentials.personId, person.actor.id))).toEqual([]);
  await enrol();
  expect(await database.db.select().from(credentials).where(eq(credentials.personId, person.actor.id))).toHaveLength(1);
});

test("26: another person's passkey does not sign on one's link, under its own id or under a borrowed one", async () => {
  const own = await t.keyOf(t.security);
  const foreign = await t.keyOf(t.architect);
  const { token, payload } = await opened(t.security);
  const answer = foreign.sign(payload);
  await expect(completeApproval(t.security, { token, assertion: answer })).rejects.toThrow(/by another passkey/);
  const borrowed = { ...answer, id: own.id };
  await expect(completeApproval(t.security, { token, assertion: borrowed })).rejects.toThrow(/credential\.signature/);
  await completeApproval(t.security, { token, assertion: own.sign(payload) });
});

test.each([
  ["20: a flag bit flipped after signing", { flip: 0x02 }, /credential\.signature/],
  ["21: a challenge twice", { clientDataTail: ',"challenge":"zzz"' }, /clientData\.json/],
  ["22: backup eligible, unlike at enrolment", { flags: 0x0d }, /authenticator\.backup/],
  ["23: trailing bytes", { trailing: Uint8Array.of(0) }, /authenticator\.form/],
  ["19: a sign-in", { challenge: new Uint8Array(32) }, /clientData\.challenge/],
] as const)("%s is refused by name, and the honest answer is taken", async (_, odd, check) => {
  const key = await t.keyOf(t.security);
  const { token, payload, ask } = await opened(t.security);
  await expect(completeApproval(t.security, { token, assertion: key.sign(payload, odd) })).rejects.toThrow(check);
  expect((await ask()).reasons.map((r) => r.code)).toEqual(["APPROVAL_MISSING"]);
  await completeApproval(t.security, { token, assertion: key.sign(payload) });
  expect((await ask()).decision).toBe("allow");
});

test("27: a key revoked before it signs is refused at the signature, and cannot even open a link afterwards", async () => {
  const person = await t.person("Rita Okafor", "security");
  const key = await enrolTestPasskey(person);
  const before = await opened(person);
  await completeApproval(person, { token: before.token, assertion: key.sign(before.payload) });
  const late = await opened(person);
  await revokeKey(person, { credential: key.kid, reason: "The laptop was stolen." });
  await expect(completeApproval(person, { token: late.token, assertion: key.sign(late.payload) })).rejects.toThrow(
    /The key that the statement names was revoked/,
  );
  await expect(opened(person, { credential: key.kid })).rejects.toThrow(/You have no such key, or it was revoked/);
  expect((await before.ask()).decision).toBe("allow");
  expect((await late.ask()).reasons.map((r) => r.code)).toEqual(["APPROVAL_MISSING"]);
});

test("30: a role that was taken away on record before the signature is refused, as read at the request", async () => {
  const person = await t.person("Sven Aalto", "security");
  const grant = { personId: person.actor.id, role: "security" as const, grantedBy: "test", grantedAt: t.now.at };
  await database.db.insert(roleGrants).values(grant);
  const key = await enrolTestPasskey(person);
  const asNow = async (): Promise<Ctx> => {
    const actor = await byPerson(database.db, person.actor.id, t.now.at);
    if (!actor) throw new Error("no such person");
    return { ...person, actor };
  };
  const held = await opened(await asNow());
  await completeApproval(await asNow(), { token: held.token, assertion: key.sign(held.payload) });
  const lost = await opened(await asNow());
  await database.db.delete(roleGrants).where(eq(roleGrants.personId, person.actor.id));
  await expect(
    completeApproval(await asNow(), { token: lost.token, assertion: key.sign(lost.payload) }),
  ).rejects.toMatchObject({ code: "forbidden" });
  expect((await lost.ask()).reasons.map((r) => r.code)).toEqual(["APPROVAL_MISSING"]);
});
