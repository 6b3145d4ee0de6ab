/**
 * The signing page's whole program. It shows the statement that it was given, computes what is signed from those very bytes, and
 * asks the passkey. It depends on nothing but the byte functions beside it, sets no cookie and loads nothing else.
 */
import { ridgePrint } from "@/lib/core/ridge-print";
import { linesOf } from "@/lib/releases/statement-lines";
import { base64url, fromBase64, fromBase64url, fromUtf8, hex } from "@/lib/signing/bytes";
import { approvalChallenge } from "@/lib/signing/challenge";
import { codeOf } from "@/lib/signing/code";
import { inTotoType, pae } from "@/lib/signing/pae";
import type { PageFacts, PageStep, StepAnswer } from "./api";
import { openingOf, type Worded } from "./opening";

const api = location.pathname.replace(/^\/sign\//, "/sign/api/");
const $ = (id: string): HTMLElement => {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page lacks #${id}`);
  return found;
};
const show = (id: string, visible: boolean) => {
  $(id).hidden = !visible;
};
const say = (id: string, text: string) => {
  $(id).textContent = text;
};

let facts: PageFacts;
let payload: Uint8Array<ArrayBuffer>;
let keyId = "";

async function call<T>(body?: PageStep): Promise<T> {
  const response = await fetch(api, {
    method: body ? "POST" : "GET",
    credentials: "omit",
    cache: "no-store",
    ...(body ? { headers: { "content-type": "application/json" }, body: JSON.stringify(body) } : {}),
  }).catch(() => {
    throw new Error("The portal cannot be reached. Nothing was signed. Check the connection and try again.");
  });
  const answer = await response
    .json()
    .catch(() => ({ detail: "The portal gave no readable answer. Nothing was signed." }));
  if (!response.ok)
    throw Object.assign(new Error(answer.detail), { final: response.status === 404 || response.status === 410 });
  return answer;
}

/** Puts a statement on the page and returns SHA-256 of the bytes that a signature over it covers. */
async function render(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const statement = JSON.parse(fromUtf8(bytes));
  const lines = linesOf(statement);
  const table = $("lines");
  table.replaceChildren();
  for (const line of lines) {
    const dt = document.createElement("dt");
    dt.textContent = line.label;
    const dd = document.createElement("dd");
    if (line.mono) dd.className = "mono";
    dd.textContent = line.label === "Digest" ? `sha256 ${line.value.replace(/(.{8})(?=.)/g, "$1 ")}` : line.value;
    table.append(dt, dd);
  }
  say("size", `${lines.length} lines, ${bytes.length.toLocaleString("en")} bytes`);
  words(statement.predicate);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", pae(inTotoType, bytes)));
  const code = codeOf(digest);
  say("code", code);
  say("code-small", code);
  for (const id of ["print", "print-small"]) draw($(id), digest);
  return digest;
}

/** The statement's opening, in the signer's words. */
function words(predicate: Worded): void {
  const { parts, limits } = openingOf(facts.purpose, predicate);
  $("opening").replaceChildren(
    ...parts.map(({ text, strong }) => {
      const node = document.createElement(strong ? "b" : "span");
      node.textContent = text;
      return node;
    }),
  );
  say("limits", limits);
}

function draw(frame: HTMLElement, digest: Uint8Array): void {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  svg.setAttribute("viewBox", "0 0 26 26");
  svg.setAttribute("fill", "currentColor");
  const unit = 26 / 7;
  for (const [i, { top, bottom }] of ridgePrint(hex(digest), 9).entries()) {
    const rect = document.createElementNS(ns, "rect");
    rect.setAttribute("x", String(i * 3));
    rect.setAttribute("y", (top * unit).toFixed(2));
    rect.setAttribute("width", "2");
    rect.setAttribute("height", ((bottom - top) * unit).toFixed(2));
    svg.append(rect);
  }
  frame.replaceChildren(svg);
}

const b64u = (buffer: ArrayBuffer) => base64url(new Uint8Array(buffer));

async function create(): Promise<void> {
  const { creation } = facts;
  if (!creation) throw new Error("This link makes no key.");
  const made = await navigator.credentials.create({
    publicKey: {
      challenge: fromBase64url(creation.challenge),
      rp: { id: facts.rpId, name: "Countersign" },
      user: { id: fromBase64url(creation.userId), name: creation.userName, displayName: facts.person.name },
      // ES256 only: OpenSSH and the transparency log know no other passkey.
      pubKeyCredParams: [{ type: "public-key", alg: -7 }],
      authenticatorSelection: { userVerification: "required", residentKey: "preferred" },
      attestation: "none",
      timeout: 120_000,
    },
  });
  if (!(made instanceof PublicKeyCredential) || !(made.response instanceof AuthenticatorAttestationResponse))
    throw new Error("Your browser gave no passkey.");
  const answer = await call<StepAnswer>({
    step: "key",
    id: made.id,
    clientDataJSON: b64u(made.response.clientDataJSON),
    attestationObject: b64u(made.response.attestationObject),
  });
  payload = fromBase64(answer.payload ?? "");
  keyId = answer.credentialId ?? made.id;
  await render(payload);
  show("statement", true);
  show("compare", false);
  say("sign-title", "2. Sign with the new key");
  say(
    "sign-hint",
    "Your new key now signs this statement itself, so that nobody can enrol a key in your name without it.",
  );
  say("go-label", "Sign with the new passkey");
}

async function sign(): Promise<void> {
  // Computed here, from the bytes on this page; the portal's own figure is not used.
  const digest = await render(payload);
  const got = await navigator.credentials.get({
    publicKey: {
      challenge: approvalChallenge(facts.host, digest) as Uint8Array<ArrayBuffer>,
      rpId: facts.rpId,
      allowCredentials: [{ type: "public-key", id: fromBase64url(keyId) }],
      userVerification: "required",
      timeout: 120_000,
    },
  });
  if (!(got instanceof PublicKeyCredential) || !(got.response instanceof AuthenticatorAssertionResponse))
    throw new Error("Your browser gave no signature.");
  const answer = await call<StepAnswer>({
    step: "sign",
    assertion: {
      id: got.id,
      clientDataJSON: b64u(got.response.clientDataJSON),
      authenticatorData: b64u(got.response.authenticatorData),
      signature: b64u(got.response.signature),
    },
  });
  finish(answer.done ?? "Signed.");
}

function finish(text: string): void {
  for (const id of ["act", "stick"]) show(id, false);
  say("done-text", text);
  show("done", true);
  $("done").focus();
}

/** Errors of the browser's passkey dialog, in words with a way on. */
function inWords(error: unknown): string {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError")
    return "Nothing was signed: the passkey dialog was closed, ran out of time, or this device does not have your passkey. Try again, or use the device that holds the key.";
  if (name === "InvalidStateError") return "This device holds a passkey for you already. Nothing was changed.";
  if (name === "SecurityError")
    return "This page does not run under its own address, so passkeys are blocked. Nothing was signed.";
  if (name === "NotSupportedError")
    return "This device cannot make the kind of passkey that is needed (ES256 with user verification).";
  return error instanceof Error ? error.message : String(error);
}

let busy = false;
async function run(action: () => Promise<void>): Promise<void> {
  if (busy) return;
  busy = true;
  show("error", false);
  for (const button of document.querySelectorAll("button")) button.disabled = true;
  try {
    await action();
  } catch (error) {
    if (error instanceof Error && "final" in error && error.final) fail(error.message);
    else {
      say("error-text", inWords(error));
      show("error", true);
      $("error").focus();
    }
  } finally {
    busy = false;
    for (const button of document.querySelectorAll("button")) button.disabled = false;
  }
}

function fail(text: string): void {
  for (const id of ["page", "stick"]) show(id, false);
  say("fail-text", text);
  show("fail", true);
}

async function start(): Promise<void> {
  try {
    facts = await call<PageFacts>();
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
    return;
  }
  say("person", facts.person.name);
  say("about", facts.about);
  for (const link of document.querySelectorAll<HTMLAnchorElement>("a.back")) link.href = facts.back;
  if (!("credentials" in navigator) || typeof PublicKeyCredential === "undefined") {
    fail("This browser has no passkeys. Open the link in a current browser.");
    return;
  }
  payload = fromBase64(facts.payload);
  keyId = facts.key?.id ?? "";
  if (facts.purpose !== "enrol") {
    await render(payload);
    show("decline-open", facts.purpose === "approve");
    say("key-label", `Your passkey: ${facts.key?.label}, added ${facts.key?.enrolledAt.slice(0, 10)}.`);
    say("key-print", facts.key?.kid ?? "");
  } else {
    show("statement", false);
    show("compare", false);
    show("decline-open", false);
    show("after", false);
    say("sign-title", "1. Make a passkey");
    say("sign-hint", `Named “${facts.creation?.label}”. Your device asks for a fingerprint, face or PIN.`);
    say("go-label", "Make a passkey");
    show("stick-code", false);
  }
  const go = () => run(() => (facts.purpose === "enrol" && payload.length === 0 ? create() : sign()));
  $("go").addEventListener("click", go);
  $("go-small").addEventListener("click", go);
  $("decline-open").addEventListener("click", () => {
    show("decline", true);
    $("why").focus();
  });
  $("decline").addEventListener("submit", (event) => {
    event.preventDefault();
    const why = $("why");
    if (!(why instanceof HTMLTextAreaElement)) return;
    void run(async () => finish((await call<StepAnswer>({ step: "decline", reason: why.value })).done ?? "Declined."));
  });
  show("page", true);
  show("stick", true);
}

void start();
