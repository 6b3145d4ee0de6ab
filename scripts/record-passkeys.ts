import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import http from "node:http";
import { chromium, type Page } from "@playwright/test";
import { approvalChallenge } from "@/lib/signing/challenge";
import { inTotoType, pae } from "@/lib/signing/pae";

/**
 * Records answers of Chromium's virtual authenticator as a test fixture: `npx tsx scripts/record-passkeys.ts`. Run it again
 * only to follow a change of browsers; the tests must pass with what it writes.
 */
const out = new URL("../lib/signing/fixtures/passkeys.json", import.meta.url);
const host = "portal.localhost";
const rpId = "sign.localhost";

const server = http.createServer((_, response) => {
  response.setHeader("content-type", "text/html").end("<!doctype html><title>sign</title>");
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const address = server.address();
const port = typeof address === "object" ? address?.port : 0;
const origin = `http://${rpId}:${port}`;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
const context = await browser.newContext();
const page = await context.newPage();
// tsx names functions through a helper that the page lacks.
await page.addInitScript("globalThis.__name = (f) => f");
await page.goto(origin);
const devtools = await context.newCDPSession(page);
await devtools.send("WebAuthn.enable", { enableUI: false });
const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", {
  options: {
    protocol: "ctap2",
    ctap2Version: "ctap2_1",
    transport: "internal",
    hasResidentKey: true,
    hasUserVerification: true,
    isUserVerified: true,
    automaticPresenceSimulation: true,
  },
});

async function create(p: Page, alg: number) {
  return p.evaluate(
    async (o: { alg: number; rpId: string }) => {
      const e = (b: ArrayBuffer) =>
        btoa(String.fromCharCode(...new Uint8Array(b)))
          .replaceAll("+", "-")
          .replaceAll("/", "_")
          .replaceAll("=", "");
      const c = await navigator.credentials.create({
        publicKey: {
          challenge: new Uint8Array(32),
          rp: { id: o.rpId, name: "Countersign" },
          user: { id: crypto.getRandomValues(new Uint8Array(16)), name: "ines", displayName: "Ines" },
          pubKeyCredParams: [{ type: "public-key", alg: o.alg }],
          authenticatorSelection: { userVerification: "required", residentKey: "required" },
          attestation: "none",
        },
      });
      if (!(c instanceof PublicKeyCredential) || !(c.response instanceof AuthenticatorAttestationResponse))
        throw new Error("no credential");
      return {
        id: c.id,
        spki: e(c.response.getPublicKey() ?? new ArrayBuffer(0)),
        clientDataJSON: e(c.response.clientDataJSON),
        attestationObject: e(c.response.attestationObject),
      };
    },
    { alg, rpId },
  );
}

async function get(p: Page, id: string, challenge: Uint8Array, uv: UserVerificationRequirement = "required") {
  return p.evaluate(
    async (o: { id: string; challenge: string; uv: UserVerificationRequirement; rpId: string }) => {
      const d = (s: string) =>
        Uint8Array.from(atob(s.replaceAll("-", "+").replaceAll("_", "/")), (x) => x.charCodeAt(0));
      const e = (b: ArrayBuffer) =>
        btoa(String.fromCharCode(...new Uint8Array(b)))
          .replaceAll("+", "-")
          .replaceAll("/", "_")
          .replaceAll("=", "");
      const c = await navigator.credentials.get({
        publicKey: {
          challenge: d(o.challenge),
          rpId: o.rpId,
          allowCredentials: [{ type: "public-key", id: d(o.id) }],
          userVerification: o.uv,
        },
      });
      if (!(c instanceof PublicKeyCredential) || !(c.response instanceof AuthenticatorAssertionResponse))
        throw new Error("no assertion");
      return {
        clientDataJSON: e(c.response.clientDataJSON),
        authenticatorData: e(c.response.authenticatorData),
        signature: e(c.response.signature),
      };
    },
    { id, challenge: Buffer.from(challenge).toString("base64url"), uv, rpId },
  );
}

const payload = JSON.stringify({
  _type: "https://in-toto.io/Statement/v1",
  subject: [{ name: "card-fraud-score@14", digest: { sha256: "9f".repeat(32) } }],
  predicateType: `https://${host}/attestation/approval/v1`,
  predicate: { decision: "APPROVE", nonce: "00112233445566778899aabbccddeeff" },
});
const challenge = approvalChallenge(
  host,
  createHash("sha256")
    .update(pae(inTotoType, Buffer.from(payload)))
    .digest(),
);
const credential = await create(page, -7);
const ed25519 = await create(page, -8);
const fixture = {
  browser: browser.version(),
  host,
  rpId,
  origin,
  payload,
  credential,
  approval: await get(page, credential.id, challenge),
  login: await get(page, credential.id, new Uint8Array(32).fill(7)),
  ed25519: { credential: ed25519, approval: await get(page, ed25519.id, challenge) },
  unverified: await devtools
    .send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false })
    .then(() => get(page, credential.id, challenge, "discouraged")),
};
await writeFile(out, `${JSON.stringify(fixture, null, 2)}\n`);
console.log(`wrote ${out.pathname} with Chromium ${fixture.browser}`);
await browser.close();
server.close();
