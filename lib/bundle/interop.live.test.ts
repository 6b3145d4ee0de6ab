import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fromBase64url } from "@/lib/signing/bytes";
import { approvalNamespace } from "@/lib/signing/challenge";
import { inTotoType, pae } from "@/lib/signing/pae";
import { spkiPem } from "@/lib/signing/spki";
import { allowedSigner, armoredSignature } from "@/lib/signing/sshsig";
import { signedBytes, verifyAssertion } from "@/lib/signing/webauthn";
import { testBundle } from "@/lib/testing/bundle";
import { filesOf } from "./files";

/** Why a tool's tests cannot run here, or null. In CI they must: there the reason is thrown. */
function missing(tool: string, args: string[], remedy: string): string | null {
  if (tool && !spawnSync(tool, args).error) return null;
  const reason = `${tool || "the tool"} is not here; ${remedy}`;
  if (process.env.CI) throw new Error(reason);
  process.stdout.write(`skipped: ${reason}\n`);
  return reason;
}
const cosign = process.env.COSIGN_BIN ?? "";
const noSsh = missing("ssh-keygen", ["-?"], "Debian: apt-get install openssh-client");
const noOpenssl = missing("openssl", ["version"], "Debian: apt-get install openssl");
const noCosign = missing(cosign, ["version"], "`node scripts/fetch-cosign.mjs` fetches cosign and prints COSIGN_BIN.");

type EditableBundle = {
  verificationMaterial: { tlogEntries?: { inclusionProof: { hashes: string[] } }[] };
};

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(path.join(tmpdir(), "countersign-interop-"));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Writes files into the folder. */
const put = (files: readonly { name: string; bytes: Uint8Array }[]) => {
  for (const { name, bytes } of files) writeFileSync(path.join(dir, name), bytes);
};
function tool(command: string, args: string[], stdin?: string) {
  const done = spawnSync(command, args, {
    cwd: dir,
    encoding: "utf8",
    ...(stdin ? { input: readFileSync(path.join(dir, stdin)) } : {}),
    // No network is needed: a tool that asks for it anyway must fail.
    env: {
      ...process.env,
      HOME: dir,
      HTTPS_PROXY: "http://127.0.0.1:9",
      HTTP_PROXY: "http://127.0.0.1:9",
    },
  });
  return { ok: done.status === 0, said: `${done.stdout}${done.stderr}` };
}
/** A copy of a file with one byte changed. */
const flip = (name: string, at: number) => {
  const bytes = readFileSync(path.join(dir, name));
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(path.join(dir, `bad-${name}`), bytes);
  return `bad-${name}`;
};

describe("a passkey approval recorded from Chromium", () => {
  const recorded = JSON.parse(readFileSync(new URL("../signing/fixtures/passkeys.json", import.meta.url), "utf8"));
  const namespace = approvalNamespace(recorded.host);
  const spki = fromBase64url(recorded.credential.spki);
  const signer = { spki, rpId: recorded.rpId, origin: recorded.origin, namespace };
  const assertion = (r: { clientDataJSON: string; authenticatorData: string; signature: string }) => ({
    clientDataJson: fromBase64url(r.clientDataJSON),
    authenticatorData: fromBase64url(r.authenticatorData),
    signature: fromBase64url(r.signature),
  });
  const text = (value: string) => Buffer.from(value);
  beforeAll(() => {
    const approval = assertion(recorded.approval);
    put([
      { name: "a.pae", bytes: pae(inTotoType, text(recorded.payload)) },
      { name: "other.pae", bytes: pae(inTotoType, text(recorded.payload.replace("APPROVE", "REJECT"))) },
      { name: "a.sshsig", bytes: text(armoredSignature(approval, signer)) },
      { name: "login.sshsig", bytes: text(armoredSignature(assertion(recorded.login), signer)) },
      { name: "unverified.sshsig", bytes: text(armoredSignature(assertion(recorded.unverified), signer)) },
      {
        name: "signers",
        bytes: text(
          `${allowedSigner({ identity: "user:ines", namespace, spki, rpId: recorded.rpId, validAfter: "20260101", validBefore: "20270101" })}\n`,
        ),
      },
      {
        name: "evil-rp",
        bytes: text(`${allowedSigner({ identity: "user:ines", namespace, spki, rpId: "evil.test" })}\n`),
      },
      { name: "a.pem", bytes: text(spkiPem(spki)) },
      { name: "a.signed", bytes: signedBytes(approval) },
      { name: "a.sig", bytes: approval.signature },
    ]);
  });
  const verify = (
    sig: string,
    pae = "a.pae",
    signers = "signers",
    id = "user:ines",
    ns = namespace,
    time = "20261121",
  ) =>
    tool("ssh-keygen", ["-Y", "verify", "-f", signers, "-I", id, "-n", ns, "-O", `verify-time=${time}`, "-s", sig], pae)
      .ok;

  test.skipIf(noSsh)("ssh-keygen -Y verify accepts it", () => {
    expect(verify("a.sshsig")).toBe(true);
  });
  test.skipIf(noSsh)(
    "ssh-keygen refuses it for another statement, person, namespace, relying party or time, and a sign-in",
    () => {
      expect(verify("a.sshsig", "other.pae")).toBe(false);
      expect(verify("a.sshsig", "a.pae", "signers", "user:mallory")).toBe(false);
      expect(verify("a.sshsig", "a.pae", "signers", "user:ines", "approval@other.test")).toBe(false);
      expect(verify("a.sshsig", "a.pae", "evil-rp")).toBe(false);
      expect(verify("a.sshsig", "a.pae", "signers", "user:ines", namespace, "20280101")).toBe(false);
      expect(verify("login.sshsig")).toBe(false);
    },
  );
  test.skipIf(noSsh)("13: ssh-keygen accepts an answer without user verification; ours does not", () => {
    expect(verify("unverified.sshsig")).toBe(true);
    const expected = {
      spki,
      rpId: recorded.rpId,
      origins: [recorded.origin],
      challenge: new Uint8Array(87),
      backupEligible: false,
    };
    expect(verifyAssertion(assertion(recorded.unverified), expected)).toContainEqual(
      expect.objectContaining({ check: "authenticator.userVerified", ok: false }),
    );
  });
  test.skipIf(noOpenssl)("openssl dgst verifies the signed bytes, and no others", () => {
    const ask = (file: string) =>
      tool("openssl", ["dgst", "-sha256", "-verify", "a.pem", "-signature", "a.sig", file]).ok;
    expect(ask("a.signed")).toBe(true);
    expect(ask(flip("a.signed", 32))).toBe(false);
  });
});

describe("the files of a bundle", () => {
  const { bytes } = testBundle();
  const denial = testBundle({ answerType: "https://portal.test/attestation/release-denial/v1" });
  const sha = "9f".repeat(32);
  beforeAll(() => put(filesOf(bytes)));

  const answer = (
    bundle: string,
    type = "https://slsa.dev/verification_summary/v1",
    digest = sha,
    root = "trusted_root.json",
  ) =>
    tool(cosign, [
      "verify-blob-attestation",
      "--bundle",
      bundle,
      "--key",
      "portal.pem",
      "--trusted-root",
      root,
      "--type",
      type,
      "--digestAlg",
      "sha256",
      "--digest",
      digest,
    ]);

  test.skipIf(noCosign)("cosign verifies the gate's allow with its inclusion in the log, offline", () => {
    expect(answer("answer.sigstore.json")).toMatchObject({ ok: true, said: expect.stringContaining("Verified OK") });
  });
  test.skipIf(noCosign)(
    "cosign refuses another type, another artefact, a broken proof, a missing entry, another log",
    () => {
      expect(answer("answer.sigstore.json", "https://portal.test/attestation/release-denial/v1").ok).toBe(false);
      expect(answer("answer.sigstore.json", undefined, "00".repeat(32)).ok).toBe(false);
      const edit = (name: string, change: (b: EditableBundle) => void) => {
        const bundle = JSON.parse(readFileSync(path.join(dir, "answer.sigstore.json"), "utf8"));
        change(bundle);
        writeFileSync(path.join(dir, name), JSON.stringify(bundle));
        return name;
      };
      const zero = Buffer.alloc(32).toString("base64");
      expect(
        answer(
          edit("neg-proof.json", (b) => {
            b.verificationMaterial.tlogEntries?.[0]?.inclusionProof.hashes.splice(0, 1, zero);
          }),
        ).ok,
      ).toBe(false);
      expect(
        answer(
          edit("neg-nolog.json", (b) => {
            delete b.verificationMaterial.tlogEntries;
          }),
        ).ok,
      ).toBe(false);
      writeFileSync(
        path.join(dir, "other_root.json"),
        filesOf(testBundle().bytes).find((f) => f.name === "trusted_root.json")?.bytes ?? "",
      );
      expect(answer("answer.sigstore.json", undefined, sha, "other_root.json").ok).toBe(false);
    },
  );
  test.skipIf(noCosign)("8: a denial does not pass for an allow with cosign", () => {
    const file = filesOf(denial.bytes).find((f) => f.name === "answer.sigstore.json");
    put([{ name: "denial.sigstore.json", bytes: file?.bytes ?? new Uint8Array(0) }]);
    expect(answer("denial.sigstore.json").ok).toBe(false);
  });
  test.skipIf(noCosign)("cosign verifies the passkey's approval with its inclusion, and not over other bytes", () => {
    const ask = (file: string) =>
      tool(cosign, [
        "verify-blob",
        "--bundle",
        "approval-1.sigstore.json",
        "--key",
        "approval-1.pem",
        "--trusted-root",
        "trusted_root.json",
        file,
      ]);
    expect(ask("approval-1.signed")).toMatchObject({ ok: true, said: expect.stringContaining("Verified OK") });
    expect(ask(flip("approval-1.signed", 5)).ok).toBe(false);
  });
  test.skipIf(noSsh)("ssh-keygen verifies the approval by the allowed_signers of the bundle", () => {
    const ask = (id: string, input: string) =>
      tool(
        "ssh-keygen",
        ["-Y", "verify", "-f", "allowed_signers", "-I", id, "-n", "approval@portal.test", "-s", "approval-1.sshsig"],
        input,
      ).ok;
    expect(ask("user:security", "approval-1.pae")).toBe(true);
    expect(ask("user:board", "approval-1.pae")).toBe(false);
    expect(ask("user:security", flip("approval-1.pae", 100))).toBe(false);
  });
});
