import { describe, expect, test } from "vitest";
import { vkey } from "@/lib/log/checkpoint";
import { base64, fromUtf8, utf8 } from "@/lib/signing/bytes";
import { spkiPem } from "@/lib/signing/spki";
import { type Odd, testBundle } from "@/lib/testing/bundle";
import { testSoftwareKey } from "@/lib/testing/keys";
import { demoLine, parsePortalPub } from "./keys";
import { verifyBundle } from "./verify";

const honest = testBundle();
const failed = ({ bytes, pinned }: { bytes: Uint8Array; pinned: typeof honest.pinned }, expected = {}) =>
  verifyBundle(bytes, pinned, expected).flatMap((c) => (c.ok ? [] : c.check));

test("an honest bundle passes every check, and what was asked for", () => {
  expect(verifyBundle(honest.bytes, honest.pinned).filter((c) => !c.ok)).toEqual([]);
  expect(
    failed(honest, { digest: "9f".repeat(32), environment: "prod", model: "card-fraud-score", version: "14" }),
  ).toEqual([]);
  expect(failed(honest, { environment: "staging" })).toEqual(["expected"]);
  expect(failed(honest, { digest: "00".repeat(32) })).toEqual(["expected"]);
});

test("no byte of a bundle is free to change", () => {
  const step = Number(process.env.BUNDLE_STEP ?? 97);
  for (let i = 0; i < honest.bytes.length; i += step) {
    const bytes = honest.bytes.slice();
    bytes[i] = (bytes[i] ?? 0) ^ 1;
    expect(failed({ bytes, pinned: honest.pinned }), `byte ${i}`).not.toEqual([]);
  }
}, 1_200_000);

test("rubbish, nothing, white space and other spellings of the same JSON are refused by name", () => {
  const text = fromUtf8(honest.bytes);
  for (const other of [
    "",
    "{}",
    "null",
    "[",
    `${text}\n`,
    ` ${text}`,
    JSON.stringify(JSON.parse(text), null, 2),
    text.replace('"format"', '"format":"x","format"'),
    text.replace("{", '{"extra":1,'),
  ])
    expect(failed({ bytes: utf8(other), pinned: honest.pinned })).toEqual(["bundle.format"]);
});

test("47: keys are pinned from outside: another portal's or log's key fails, however well the bundle is made", () => {
  const other = testBundle();
  expect(
    failed({ bytes: honest.bytes, pinned: { ...honest.pinned, statementSpki: other.pinned.statementSpki } }),
  ).toEqual(expect.arrayContaining(["keys.pinned", "bundle.seal", "request.signature", "answer.signature"]));
  expect(failed({ bytes: honest.bytes, pinned: { ...honest.pinned, log: other.pinned.log } })).toEqual(
    expect.arrayContaining(["keys.pinned", "log.checkpoint", "request.log"]),
  );
});

test("portal.pub holds both keys, and one that lacks a key is refused", () => {
  const pem = spkiPem(honest.pinned.statementSpki);
  const line = vkey(honest.pinned.log);
  const keys = parsePortalPub(`${pem}${line}\n`);
  expect(base64(keys.statementSpki)).toBe(base64(honest.pinned.statementSpki));
  expect(keys.log.origin).toBe("log.portal.test");
  expect(keys.softwareKeys).toBe(false);
  expect(parsePortalPub(`${pem}${line}\r\n${demoLine}\r\n`).softwareKeys).toBe(true);
  expect(() => parsePortalPub(pem)).toThrow(/no log key line/);
  expect(() => parsePortalPub(line)).toThrow(/no PEM public key/);
  expect(() => parsePortalPub(pem + line.replace(/\+[0-9a-f]{8}\+/, "+00000000+"))).toThrow(/not of its key/);
});

// An operator who holds the portal's and the log's keys can sign what he likes, but not approve: each lie is named.
describe("what an operator with all portal keys cannot pass off", () => {
  const set = (key: string, value: unknown) => (o: Record<string, unknown>) => {
    o[key] = value;
  };
  test.each<[string, Odd, string[]]>([
    [
      "5: a denial in place of an allow",
      { answerType: "https://portal.test/attestation/release-denial/v1" },
      ["answer.signature"],
    ],
    ["9: a failed summary", { answer: set("verificationResult", "FAILED") }, ["answer.allow"]],
    [
      "10: an answer about another environment",
      { answer: set("resourceUri", "https://portal.test/models/card-fraud-score/versions/14?env=staging") },
      ["answer.allow"],
    ],
    [
      "10: an answer by another verifier",
      { answer: set("verifier", { id: "https://other.test/verifier/release-gate/v1" }) },
      ["answer.allow"],
    ],
    [
      "12: an input that is not listed",
      { answer: (a) => void (a.inputAttestations as unknown[]).pop() },
      ["answer.inputs"],
    ],
    ["13: no user verification", { assertion: { flags: 0x01 } }, ["approval 1.authenticator.userVerified"]],
    ["14: another relying party", { assertion: { rpId: "portal.test" } }, ["approval 1.authenticator.rpId"]],
    ["15: another origin", { assertion: { origin: "https://portal.test" } }, ["approval 1.clientData.origin"]],
    [
      "26, 31: the requester's own approval",
      { request: set("requester", { id: "user:security" }) },
      ["approvals.people"],
    ],
    ["28: a key enrolled after the approval", { enrolAfter: true }, ["approval 1.enrolment.before"]],
    [
      "26: a key of another person",
      { enrolment: set("person", { id: "user:mallory" }) },
      ["approval 1.enrolment.statement"],
    ],
    [
      "33: one person with two keys",
      { approval: set("approver", { id: "user:board", role: "security", credential: "" }) },
      ["approval 1.credential", "approval 1.enrolment.statement", "approvals.people"],
    ],
    ["34: an expired approval", { approval: set("expiresAt", "2026-11-20T11:30:00.000Z") }, ["approvals.current"]],
    ["35: other evidence", { approval: set("evidence", []) }, ["approval 1.statement"]],
    [
      "35: another policy",
      { approval: set("gate", { id: "prod-release", policy: { uri: "x", digest: { sha256: "00".repeat(32) } } }) },
      ["approval 1.statement"],
    ],
    ["36: a rejection", { approval: set("decision", "REJECT") }, ["approval 1.statement"]],
    [
      "an approval of another request",
      { approval: set("request", { uri: "x", digest: { sha256: "00".repeat(32) } }) },
      ["approval 1.statement"],
    ],
    ["62: a missing document", { contents: (c) => void c.documents.pop() }, ["documents.complete"]],
    [
      "62: one document too many",
      { contents: (c) => void c.documents.push({ ...(c.documents[0] as (typeof c.documents)[0]), name: "more" }) },
      ["documents.complete"],
    ],
    ["39: an approval left out", { contents: (c) => void c.approvals.pop() }, ["answer.inputs"]],
    [
      "43: a wrong index",
      {
        contents: (c) => {
          c.request.logged.index += 1;
        },
      },
      ["request.log"],
    ],
    [
      "44: the proof of another leaf",
      {
        contents: (c) => {
          c.request.logged = c.answer.logged;
        },
      },
      ["request.log", "answer.order"],
    ],
    [
      "42: a proof hash zeroed",
      {
        contents: (c) => {
          c.answer.logged.hashes[0] = base64(new Uint8Array(32));
        },
      },
      ["answer.log", "answer.sigstore"],
    ],
    [
      "a Sigstore bundle that differs",
      {
        contents: (c) => {
          c.answer.sigstore = {};
        },
      },
      ["answer.sigstore"],
    ],
    [
      "a trust root with another log",
      {
        contents: (c) => {
          c.trust.trustedRoot = { tlogs: [] };
        },
      },
      ["keys.trustedRoot"],
    ],
  ])("%s", (_, odd, checks) => {
    expect(failed(testBundle(odd))).toEqual(checks);
  });

  test("17: an approval signed by no approver", () => {
    const forged = testBundle({
      contents: (c) => {
        const [first, second] = c.approvals;
        if (first && second) first.signature = second.signature;
      },
    });
    expect(failed(forged)).toEqual(
      expect.arrayContaining(["approval 1.signature", "approval 1.log", "approval 1.enrolment.statement"]),
    );
  });

  test("47: a checkpoint of another log, signed by its own key", () => {
    const other = testBundle();
    const forked = JSON.parse(fromUtf8(other.bytes)).checkpoint;
    const result = failed(
      testBundle({
        contents: (c) => {
          c.checkpoint = forked;
        },
      }),
    );
    expect(result).toContain("log.checkpoint");
    expect(result).toContain("request.log");
  });
});

test("6: a statement with a key twice is refused even when it is properly signed", () => {
  const key = testSoftwareKey();
  expect(key.sign(utf8("{}"))).toBeInstanceOf(Buffer);
  const doubled = testBundle({
    contents: (c) => {
      const [first] = c.approvals;
      if (!first) return;
      const text = fromUtf8(Buffer.from(first.statement, "base64"));
      first.statement = base64(utf8(text.replace('"decision":"APPROVE"', '"decision":"REJECT","decision":"APPROVE"')));
    },
  });
  expect(verifyBundle(doubled.bytes, doubled.pinned).find((c) => c.check === "approval 1.statement")).toMatchObject({
    ok: false,
    detail: 'the key "decision" stands twice in one object',
  });
});
