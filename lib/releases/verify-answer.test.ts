import { describe, expect, test } from "vitest";
import { envelope } from "@/lib/signing/dsse";
import type { Hosts } from "@/lib/signing/hosts";
import type { Built } from "@/lib/signing/statement";
import { testSoftwareKey } from "@/lib/testing/keys";
import { allowStatement, denialStatement } from "./statements";
import { distrust } from "./verify-answer";

const hosts: Hosts = {
  portal: "https://p.test",
  name: "p.test",
  sign: "https://sign.p.test",
  rpId: "sign.p.test",
  log: "log.p.test",
};
const key = testSoftwareKey();
const now = new Date("2026-11-20T12:00:00Z");
const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000);
const question = { model: "fraud", version: "3.2.0", digest: "a".repeat(64), environment: "prod", nonce: "build-4711" };
const policy = { id: "prod-release", version: 1, digest: "b".repeat(64) };
const counted = [{ uri: "https://p.test/releases/REL-1", sha256: "c".repeat(64) }];
const sign = (b: Pick<Built, "payload">, by = key) => envelope(b.payload, by.sign(b.payload), by.kid);
const edit = (b: Built, change: (text: string) => string): Pick<Built, "payload"> => ({
  payload: Buffer.from(change(b.payload.toString())),
});
const allow = allowStatement(hosts, question, policy, counted, now, later(15));
const verdict = (
  dsse: unknown,
  q: typeof question | (Omit<typeof question, "nonce"> & { nonce: string | null }) = question,
  at = now,
) => distrust({ decision: "allow", dsse }, q, key.spki, at);

describe("an allow is acted on only if it is one, for this question (signing.md section 7, cases 1 to 12)", () => {
  test("an honest one is", () => {
    expect(verdict(sign(allow))).toBeNull();
  });
  test("8: a denial presented as an allow", () => {
    const denial = denialStatement(hosts, question, policy, [], now, later(15));
    expect(verdict(sign(denial))).toMatch(/release-denial/);
  });
  test("9: a FAILED summary", () => {
    expect(verdict(sign(edit(allow, (t) => t.replace("PASSED", "FAILED"))))).toMatch(/PASSED/);
  });
  test.each([
    ["environment", { environment: "staging" }, /summary is for/],
    ["version", { version: "3.2.1" }, /summary is for/],
    ["model", { model: "churn" }, /summary is for/],
    ["artefact", { digest: "d".repeat(64) }, /another artefact/],
    ["nonce", { nonce: "build-4712" }, /nonce/],
  ])("10, 11: another %s", (_what, other, why) => {
    expect(verdict(sign(allow), { ...question, ...other })).toMatch(why);
  });
  test.each([
    ["verifier", (t: string) => t.replace("p.test/verifier/", "other.test/verifier/"), /the verifier is/],
    ["kind of verifier", (t: string) => t.replace("/verifier/release-gate/", "/verifier/nightly-job/"), /verifier is/],
    ["portal's resource", (t: string) => t.replace("p.test/models/", "other.test/models/"), /the verifier is/],
    ["path before the resource", (t: string) => t.replace("p.test/models/", "p.test/x/models/"), /summary is for/],
    [
      "portal's decision",
      (t: string) => t.replace("p.test/predicate/", "other.test/predicate/"),
      /no release decision/,
    ],
  ])("10: another %s", (_what, change, why) => {
    expect(edit(allow, change).payload).not.toEqual(allow.payload);
    expect(verdict(sign(edit(allow, change)))).toMatch(why);
  });
  test("11: an expired one", () => {
    expect(verdict(sign(allow), question, later(15))).toMatch(/expired/);
  });
  test("12: one without the attestations it rests on", () => {
    expect(verdict(sign(allowStatement(hosts, question, policy, [], now, later(15))))).toMatch(/attestations/);
  });
  test("1: one payload byte flipped", () => {
    const e = sign(allow);
    const bytes = Buffer.from(e.payload, "base64");
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    expect(verdict({ ...e, payload: bytes.toString("base64") })).toMatch(/does not match/);
  });
  test("2: another payload type", () => {
    expect(verdict({ ...sign(allow), payloadType: "text/plain" })).toMatch(/no signed statement/);
  });
  test("3: another key", () => {
    expect(verdict(sign(allow, testSoftwareKey()))).toMatch(/names the key/);
  });
  test("6: the same JSON key twice", () => {
    const twice = edit(allow, (t) =>
      t.replace('"verificationResult":"PASSED"', '"verificationResult":"FAILED","verificationResult":"PASSED"'),
    );
    expect(verdict(sign(twice))).toMatch(/twice/);
  });
  test("7: two signatures", () => {
    const e = sign(allow);
    expect(verdict({ ...e, signatures: [e.signatures[0], e.signatures[0]] })).toMatch(/no signed statement/);
  });
});

test("a denial must be one, and for our nonce", () => {
  const denial = sign(denialStatement(hosts, question, policy, [], now, later(15)));
  expect(distrust({ decision: "deny", dsse: denial }, question, key.spki, now)).toBeNull();
  expect(distrust({ decision: "deny", dsse: denial }, { ...question, nonce: "build-0001" }, key.spki, now)).toMatch(
    /nonce/,
  );
  expect(distrust({ decision: "deny", dsse: sign(allow) }, question, key.spki, now)).toMatch(/not what deny/);
});
