import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { main } from "@/bin/main";
import { vkey } from "@/lib/log/checkpoint";
import { base64, utf8 } from "@/lib/signing/bytes";
import { approvalChallenge } from "@/lib/signing/challenge";
import type { Envelope } from "@/lib/signing/dsse";
import { inTotoType, pae } from "@/lib/signing/pae";
import { sha256 } from "@/lib/signing/sha256";
import { spkiPem } from "@/lib/signing/spki";
import { type Odd, testBundle } from "@/lib/testing/bundle";
import { testSoftwareKey } from "@/lib/testing/keys";
import type { Contents } from "./format";
import { demoLine } from "./keys";
import { verifyBundle } from "./verify";

// Negative cases of signing.md section 7 through the verifier of bundles: each names the check that refuses, and the same bundle
// without the one change passes every check.

const failed = ({ bytes, pinned }: Pick<ReturnType<typeof testBundle>, "bytes" | "pinned">) =>
  verifyBundle(bytes, pinned).flatMap((c) => (c.ok ? [] : c.check));
const twin = testBundle();
const other = "5e".repeat(32);

/** Edits the answer's envelope as if the portal had sealed it so. */
const envelope = (change: (e: Envelope) => void): Odd => ({ contents: (c) => change(c.answer.envelope) });
/** Edits the parts of the passkey's approval. */
const first = (change: (a: Contents["approvals"][0]) => void): Odd => ({
  contents: (c) => {
    const [approval] = c.approvals;
    if (approval) change(approval);
  },
});
const signIn = new Uint8Array(32).fill(7);
const otherStatement = approvalChallenge("portal.test", sha256(pae(inTotoType, utf8("another statement"))));

describe("the twin of every case below", () => {
  test("an untouched bundle passes every check", () => {
    expect(failed(twin)).toEqual([]);
  });
});

describe("statements and envelopes", () => {
  test.each<[string, Odd, string[]]>([
    [
      "1: one byte of the answer's payload flipped",
      envelope((e) => {
        const payload = Buffer.from(e.payload, "base64");
        payload[40] = (payload[40] ?? 0) ^ 1;
        e.payload = payload.toString("base64");
      }),
      ["answer.signature", "answer.log", "answer.allow", "answer.inputs", "approvals.current"],
    ],
    [
      "2: the payload type swapped",
      envelope((e) => Object.assign(e, { payloadType: "text/plain" })),
      ["bundle.format"],
    ],
    [
      "3: the key id of another key",
      envelope((e) => {
        e.signatures[0].keyid = testSoftwareKey().kid;
      }),
      ["answer.signature", "answer.allow", "answer.inputs", "answer.sigstore", "approvals.current"],
    ],
    ["4: an answer about another artefact", { answerSubject: other }, ["answer.allow"]],
    ["4: an approval of another artefact", { approvalSubject: other }, ["approval 1.statement"]],
    [
      "5: an approval with the predicate type of a receipt",
      { approvalType: "https://portal.test/attestation/approval-receipt/v1" },
      ["approval 1.statement"],
    ],
    [
      "5: an approval of another portal",
      { approvalType: "https://other.test/attestation/approval/v1" },
      ["approval 1.statement"],
    ],
    [
      "7: two signatures in one envelope",
      envelope((e) => Object.assign(e, { signatures: [...e.signatures, ...e.signatures] })),
      ["bundle.format"],
    ],
  ])("%s", (_, odd, checks) => {
    expect(failed(testBundle(odd))).toEqual(checks);
  });
});

describe("passkey answers, made by the approver's own authenticator and properly logged", () => {
  test.each<[string, Odd["assertion"], string[]]>([
    ["16: signed inside another page", { clientDataTail: ',"crossOrigin":true' }, ["clientData.crossOrigin"]],
    [
      "16: with a top origin",
      { clientDataTail: ',"crossOrigin":false,"topOrigin":"https://x.test"' },
      ["clientData.crossOrigin"],
    ],
    ["17: made for another statement", { challenge: otherStatement }, ["clientData.challenge", "clientData.form"]],
    ["18: of a registration", { type: "webauthn.create" }, ["clientData.type", "clientData.form"]],
    ["19: a sign-in", { challenge: signIn }, ["clientData.challenge", "clientData.form"]],
    ["20: a flag bit flipped after signing", { flip: 0x02 }, ["credential.signature"]],
    ["20: user verification claimed after signing", { flags: 0x01, flip: 0x04 }, ["credential.signature"]],
    [
      "21: a challenge twice",
      { clientDataTail: ',"crossOrigin":false,"challenge":"zzz"' },
      ["clientData.json", "clientData.type", "clientData.challenge", "clientData.origin", "clientData.form"],
    ],
    ["22: backup eligible, unlike at enrolment", { flags: 0x0d }, ["authenticator.backup"]],
    ["23: with the flag of attested data", { flags: 0x45 }, ["authenticator.form"]],
    ["23: with trailing bytes", { trailing: Uint8Array.of(0) }, ["authenticator.form"]],
    ["25: r‖s in place of DER", { raw: true }, ["credential.signature"]],
    ["26: signed by another key", { key: testSoftwareKey().privateKey }, ["credential.signature"]],
  ])("%s", (_, assertion, checks) => {
    expect(failed(testBundle({ assertion: assertion ?? {} }))).toEqual(checks.map((c) => `approval 1.${c}`));
  });

  test("13: no user verification when the key was enrolled", () => {
    expect(failed(testBundle({ enrolmentAssertion: { flags: 0x01 } }))).toEqual([
      "approval 1.enrolment.authenticator.userVerified",
    ]);
  });
  test("26: another approver's enrolled key in the place of one's own", () => {
    const swapped = testBundle({
      contents: (c) => {
        const [one, two] = c.approvals;
        if (one && two) one.credential = two.credential;
      },
    });
    expect(failed(swapped)).toEqual(expect.arrayContaining(["approval 1.credential", "approval 1.log"]));
  });
  test.each([
    ["24: an Ed25519 key", generateKeyPairSync("ed25519").publicKey],
    ["24: an RSA key", generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey],
  ])("%s", (_, key) => {
    const spki = base64(key.export({ format: "der", type: "spki" }));
    const result = failed(
      testBundle(
        first((a) => {
          a.credential.spki = spki;
        }),
      ),
    );
    expect(result).toEqual(expect.arrayContaining(["approval 1.credential.key", "approval 1.log"]));
  });
});

describe("people and keys", () => {
  test("31: the trainer's own approval", () => {
    const trainedBy = (id: string): Odd => ({
      request: (r) => {
        r.trainer = { id };
      },
    });
    expect(failed(testBundle(trainedBy("user:somebody-else")))).toEqual([]);
    expect(failed(testBundle(trainedBy("user:board")))).toEqual(["approvals.people"]);
  });
  test("37: a software key counts only where the pinned keys are a demo's", () => {
    expect(failed({ ...twin, pinned: { ...twin.pinned, softwareKeys: false } })).toEqual(["approval 2.key"]);
  });
});

describe("trees that the log's own key signed", () => {
  const unproven = [
    "request.log",
    "answer.log",
    "approval 1.log",
    "approval 1.enrolment.log",
    "approval 2.log",
    "approval 2.enrolment.log",
    "answer.sigstore",
  ];
  test.each<[string, NonNullable<Odd["tree"]>]>([
    ["39: a tree that lacks a leaf", (leaves) => leaves.toSpliced(1, 1)],
    ["40: a tree with an edited leaf", (leaves) => leaves.with(1, utf8("edited"))],
    ["41: a tree with two leaves swapped", (leaves) => [...leaves.slice(0, 2).reverse(), ...leaves.slice(2)]],
    ["45: a fork of the same size", (leaves) => leaves.with(0, utf8("another first entry"))],
    ["46: an older tree", (leaves) => leaves.slice(0, 2)],
    ["51: the empty tree", () => []],
  ])("%s proves nothing that is in the bundle", (_, tree) => {
    expect(failed(testBundle({ tree })).sort()).toEqual(unproven.toSorted());
  });
});

test("47: a trust root for cosign that holds a further log beside the pinned one", () => {
  const more = testBundle({
    contents: (c) => {
      const held = z.looseObject({ tlogs: z.array(z.unknown()) }).parse(c.trust.trustedRoot);
      c.trust.trustedRoot = { ...held, tlogs: [...held.tlogs, ...held.tlogs] };
    },
  });
  expect(failed(more)).toEqual(["keys.trustedRoot"]);
});

test("61: years later and without a network the bundle holds as on the first day, and a changed one does not", async () => {
  const dir = mkdtempSync(path.join(tmpdir(), "countersign-later-"));
  const [file, key, bad] = ["bundle.json", "portal.pub", "bad.json"].map((name) => path.join(dir, name));
  if (!file || !key || !bad) throw new Error("no paths");
  writeFileSync(file, twin.bytes);
  const changed = Buffer.from(twin.bytes);
  const at = changed.indexOf('"payload"') + 40;
  changed[at] = (changed[at] ?? 0) ^ 1;
  writeFileSync(bad, changed);
  writeFileSync(key, `${spkiPem(twin.pinned.statementSpki)}${vkey(twin.pinned.log)}\n${demoLine}\n`);
  vi.useFakeTimers({ now: new Date("2031-11-21T00:00:00Z"), toFake: ["Date"] });
  const connect = vi.spyOn(Socket.prototype, "connect").mockImplementation(() => {
    throw new Error("no network");
  });
  try {
    const run = (bundle: string) =>
      main(["verify", bundle, "--key", key], { out: () => undefined, err: () => undefined, env: {} });
    expect(await run(file)).toBe(0);
    expect(await run(bad)).toBe(1);
    expect(connect).not.toHaveBeenCalled();
  } finally {
    vi.useRealTimers();
    connect.mockRestore();
    rmSync(dir, { recursive: true });
  }
});
