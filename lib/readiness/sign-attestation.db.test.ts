import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { attestations } from "@/db/schema/facts";
import { signatures, statementSubjects, statements } from "@/db/schema/signing";
import { parseStatement } from "@/lib/signing/dsse";
import { testDatabase } from "@/lib/testing/database";
import { enrolTestPasskey, type TestPasskey } from "@/lib/testing/enrolment";
import { testKeys } from "@/lib/testing/keys";
import { days, evidence, file, mara, type Readiness, testReadiness, tomas } from "@/lib/testing/readiness";
import { attest, revokeAttestation } from "./attest";
import { modelReadiness } from "./queries";
import { prepareAttestation, signAttestation } from "./sign-attestation";

let t: Awaited<ReturnType<typeof testDatabase>>;
let w: Readiness;
let key: TestPasskey;
beforeAll(async () => {
  t = await testDatabase();
  w = await testReadiness(t.db);
  await testKeys(t.db);
  key = await enrolTestPasskey(w.as(mara));
});
afterAll(() => t.drop());
beforeEach(() => w.fresh());

const attested = async (): Promise<string> =>
  (await attest(w.as(mara), { name: w.model.name, items: ["rel-1"], ...evidence })).attestations[0]?.id ?? "";
const rowOf = async (id: string) => (await t.db.select().from(attestations).where(eq(attestations.id, id)))[0];
const bytes = (statement: string) => Buffer.from(statement, "base64");

test("whoever attested signs it with their passkey: the words, the evidence and the checklist, once", async () => {
  const id = await attested();
  const prepared = await prepareAttestation(w.as(mara, days(1)), { id });
  const { subject, predicate } = parseStatement(bytes(prepared.statement));
  expect(subject).toMatchObject([{ name: "checklist item rel-1" }, { name: "drill.pdf", digest: { sha256: file } }]);
  expect(predicate).toMatchObject({
    model: w.model.name,
    outcome: "pass",
    statement: evidence.statement,
    attester: { name: "Mara Lindqvist" },
  });
  const assertion = key.sign(bytes(prepared.statement));
  const signed = await signAttestation(w.as(mara, days(1)), { token: prepared.token, assertion });
  expect(await rowOf(id)).toMatchObject({ signedAt: days(1), statementSha256: Buffer.from(signed.statement, "hex") });
  const [kept] = await t.db
    .select()
    .from(signatures)
    .where(eq(signatures.statementSha256, Buffer.from(signed.statement, "hex")));
  expect(kept).toMatchObject({ kind: "webauthn" });
  // It is found by the evidence, under the name that was signed.
  const about = await t.db.select().from(statementSubjects).where(eq(statementSubjects.digest, file));
  expect(about).toMatchObject([{ name: "drill.pdf", statementSha256: Buffer.from(signed.statement, "hex") }]);
  const { attestations: shown } = await modelReadiness(w.as(tomas, days(1)), { name: w.model.name });
  expect(shown).toMatchObject([{ itemId: "rel-1", signedAt: days(1) }]);
  expect((await w.logged()).sort()).toEqual([
    "readiness.attestation.signature.prepared",
    "readiness.attestation.signed",
    "readiness.attested",
    "signature",
  ]);

  await expect(prepareAttestation(w.as(mara, days(1)), { id })).rejects.toMatchObject({ code: "conflict" });
  await expect(signAttestation(w.as(mara, days(1)), { token: prepared.token, assertion })).rejects.toMatchObject({
    code: "gone",
  });
});

test("nobody signs another person's word, what was revoked, with another statement's signature, or after ten minutes", async () => {
  const id = await attested();
  await expect(prepareAttestation(w.as(tomas), { id })).rejects.toMatchObject({ code: "forbidden" });
  const first = await prepareAttestation(w.as(mara), { id });
  const second = await prepareAttestation(w.as(mara), { id });
  const assertion = key.sign(bytes(first.statement));
  await expect(signAttestation(w.as(tomas), { token: first.token, assertion })).rejects.toMatchObject({
    code: "forbidden",
  });
  await expect(signAttestation(w.as(mara), { token: second.token, assertion })).rejects.toMatchObject({
    code: "forbidden",
  });
  const late = new Date(days(0).getTime() + 11 * 60_000);
  await expect(signAttestation(w.as(mara, late), { token: first.token, assertion })).rejects.toMatchObject({
    code: "gone",
  });
  await revokeAttestation(w.as(mara), { id, reason: "It was the wrong drill." });
  await expect(signAttestation(w.as(mara), { token: first.token, assertion })).rejects.toMatchObject({
    code: "conflict",
  });
  expect(await rowOf(id)).toMatchObject({ signedAt: null, statementSha256: null });
  const about = await t.db.select().from(statements);
  expect(about.filter((s) => s.payload.toString("utf8").includes(id))).toEqual([]);
});
