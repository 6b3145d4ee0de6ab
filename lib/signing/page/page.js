"use strict";
(() => {
  // lib/core/ridge-print.ts
  function ridgePrint(hash, bars) {
    const bytes = bytesOf(hash);
    if (bytes.length < bars * 2) throw new Error(`A print of ${bars} bars needs a hash of at least ${bars * 2} bytes.`);
    return Array.from({ length: bars }, (_, i) => ({
      top: (bytes[2 * i] ?? 0) % 4,
      bottom: 4 + (bytes[2 * i + 1] ?? 0) % 4
    }));
  }
  function bytesOf(hash) {
    if (/^([0-9a-f]{2})+$/i.test(hash)) return (hash.match(/../g) ?? []).map((h) => Number.parseInt(h, 16));
    const text = hash.replace(/^SHA256:/, "").replaceAll("-", "+").replaceAll("_", "/");
    return [...atob(text)].map((c) => c.charCodeAt(0));
  }

  // lib/releases/statement-lines.ts
  var labels = [
    [/^predicate\.decision$/, "Decision"],
    [/^predicate\.reason$/, "Reason"],
    [/^predicate\.review$/, "Review"],
    [/^predicate\.outcome$/, "Outcome"],
    [/^predicate\.rationale$/, "Reasons"],
    [/^predicate\.decider\.choice$/, "Vote"],
    [/^predicate\.decider\.seat$/, "Seat"],
    [/^predicate\.decider\.standsFor$/, "Stands in for"],
    [/^predicate\.decider\.recorded$/, "Recorded it"],
    [/^predicate\.item\.title$/, "Item"],
    [/^predicate\.statement$/, "What was found"],
    [/^predicate\.evidenceUrl$/, "Evidence"],
    [/^predicate\.(release\.)?model$/, "Model"],
    [/^predicate\.release\.version$/, "Version"],
    [/^predicate\.release\.environment$/, "Environment"],
    [/^subject\.0\.digest\.sha256$/, "Digest", true],
    [/^predicate\.(approver|attester|decider|confirmer)\.name$/, "Signer"],
    [/^predicate\.(approver|confirmer)\.roleName$/, "Signs as"],
    [/^predicate\.person\.name$/, "Person"],
    [/^predicate\.label$/, "Key name"],
    [/^predicate\.kind$/, "Kind of key"],
    [/^predicate\.ref$/, "Request"],
    [/^predicate\.request\.uri$/, "Request"],
    [/^predicate\.evidence\.\d+$/, "Evidence"],
    [/^predicate\.conditions\.\d+$/, "Condition"],
    [/^predicate\.note$/, "Note"],
    [/^predicate\.gate\.policy\.uri$/, "Policy"],
    [/^predicate\.effectiveOn$/, "True on"],
    [/^predicate\.decidedAt$/, "Decided"],
    [/^predicate\.validUntil$/, "Valid until"],
    [/^predicate\.round$/, "Round"],
    [/^predicate\.expiresAt$/, "Ends"],
    [/^predicate\.issuedAt$/, "Worded"],
    [/^predicate\.requestedAt$/, "Requested"],
    [/^predicate\.enrolledAt$/, "Enrolled"],
    [/^predicate\.((approver|attester|decider|confirmer)\.)?credential$/, "Key", true],
    [/^predicate\.rpId$/, "Signing site"],
    [/^predicate\.requester\.id$/, "Requester", true],
    [/^predicate\.requester\.name$/, "Asked for by"],
    [/^predicate\.breakGlass\.ref$/, "Break-glass"],
    [/^predicate\.breakGlass\.justification$/, "Justification"],
    [/^predicate\.breakGlass\.digest\.sha256$/, "Break-glass request", true],
    [/^predicate\.passes\.\d+$/, "Passes"],
    [/^predicate\.trainer\.id$/, "Trainer", true],
    [/^predicate\.(approver|attester|decider|confirmer)\.id$/, "Signer id", true],
    [/^predicate\.person\.id$/, "Person id", true],
    [/^predicate\.(approver|confirmer)\.role$/, "Role"],
    [/^predicate\.request\.digest\.sha256$/, "Request digest", true],
    [/^predicate\.gate\.policy\.digest\.sha256$/, "Policy digest", true],
    [/^predicate\.gate\.id$/, "Gate"],
    [/^predicate\.item\.id$/, "Item id"],
    [/^predicate\.attestationId$/, "Attestation id", true],
    [/^predicate\.decisionId$/, "Decision id", true],
    [/^predicate\.approvalId$/, "Approval id", true],
    [/^predicate\.requestId$/, "Request id", true],
    [/^predicate\.credentialId$/, "Key id", true],
    [/^predicate\.logContext\.origin$/, "Log"],
    [/^predicate\.logContext\.size$/, "Log size"],
    [/^predicate\.logContext\.root$/, "Log root", true],
    [/^predicate\.spki$/, "Public key", true],
    [/^predicate\.aaguid$/, "Authenticator", true],
    [/^predicate\.backupEligible$/, "Synced"],
    [/^subject\.0\.name$/, "Subject"],
    [/^predicate\.nonce$/, "Nonce", true],
    [/^predicateType$/, "Form"],
    [/^_type$/, "Statement"]
  ];
  var evidenceNames = {
    readiness: "Readiness",
    "board-decision": "Board decision",
    "decision-record": "Decision record",
    "reference-architecture": "Architecture"
  };
  function linesOf(statement) {
    const leaves = [];
    walk(statement, "", leaves);
    const order = (path) => {
      const at = labels.findIndex(([pattern]) => pattern.test(path));
      return at < 0 ? labels.length : at;
    };
    return leaves.map((leaf, i) => ({ ...leaf, i, at: order(leaf.path) })).sort((a, b) => a.at - b.at || a.i - b.i).map(({ path, value, label, at }) => ({
      label: label ?? labels[at]?.[1] ?? path,
      value,
      mono: labels[at]?.[2] ?? at === labels.length
    }));
  }
  function walk(value, path, out) {
    if (Array.isArray(value)) {
      if (value.length === 0)
        out.push({ path: path === "predicate.conditions" ? "predicate.conditions.0" : path, value: "none" });
      for (const [i, inner] of value.entries()) walk(inner, `${path}.${i}`, out);
      return;
    }
    if (typeof value === "object" && value !== null) {
      const record = value;
      if (/^predicate\.evidence\.\d+$/.test(path) && isEvidence(record)) {
        out.push({
          path,
          label: evidenceNames[record.name] ?? record.name,
          value: `${record.summary} (sha256 ${record.digest.sha256})`
        });
        return;
      }
      if (/^predicate\.conditions\.\d+$/.test(path) && isCondition(record)) {
        out.push({ path, value: `${record.text} Due ${record.dueOn}, ${record.status}.` });
        return;
      }
      for (const [key, inner] of Object.entries(record)) walk(inner, path ? `${path}.${key}` : key, out);
      return;
    }
    out.push({ path, value: value === "" ? "none" : String(value) });
  }
  function isEvidence(r) {
    return exactly(r, ["digest", "name", "summary"]) && "digest" in r && typeof r.digest === "object" && r.digest !== null && exactly(r.digest, ["sha256"]);
  }
  var isCondition = (r) => exactly(r, ["dueOn", "status", "text"]);
  var exactly = (r, keys) => Object.keys(r).sort().join() === keys.join();

  // lib/signing/bytes.ts
  var encoder = new TextEncoder();
  var fatal = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  var utf8 = (text) => encoder.encode(text);
  var fromUtf8 = (bytes) => fatal.decode(bytes);
  function concat(...parts) {
    const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
    let at = 0;
    for (const part of parts) {
      out.set(part, at);
      at += part.length;
    }
    return out;
  }
  var hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  function base64(bytes) {
    let binary = "";
    for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
    return btoa(binary);
  }
  function fromBase64(text) {
    let binary;
    try {
      binary = atob(text);
    } catch (cause) {
      throw new Error("not base64", { cause });
    }
    if (btoa(binary) !== text) throw new Error("not canonical base64");
    return Uint8Array.from(binary, (c) => c.charCodeAt(0));
  }
  var base64url = (bytes) => base64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  function fromBase64url(text) {
    if (!/^[\w-]*$/.test(text)) throw new Error("not base64url");
    return fromBase64(text.replaceAll("-", "+").replaceAll("_", "/") + "=".repeat((4 - text.length % 4) % 4));
  }
  function uint32(value) {
    const out = new Uint8Array(4);
    new DataView(out.buffer).setUint32(0, value);
    return out;
  }

  // lib/signing/challenge.ts
  function sshString(value) {
    const bytes = typeof value === "string" ? utf8(value) : value;
    return concat(uint32(bytes.length), bytes);
  }
  var approvalNamespace = (host) => `approval@${host}`;
  function approvalChallenge(host, paeSha256) {
    if (paeSha256.length !== 32) throw new Error(`A SHA-256 digest has 32 bytes, not ${paeSha256.length}.`);
    return sshSignedData(approvalNamespace(host), paeSha256);
  }
  var sshSignedData = (namespace, messageSha256) => concat(utf8("SSHSIG"), sshString(namespace), sshString(""), sshString("sha256"), sshString(messageSha256));

  // lib/signing/code.ts
  function codeOf(paeSha256) {
    let n = 0n;
    for (const byte of paeSha256.subarray(0, 8)) n = n << 8n | BigInt(byte);
    const digits = (n % 1000000000000n).toString().padStart(12, "0");
    return digits.replace(/(\d{3})(?=\d)/g, "$1 ");
  }

  // lib/signing/pae.ts
  var inTotoType = "application/vnd.in-toto+json";
  function pae(type, body) {
    const t = utf8(type);
    return concat(utf8(`DSSEv1 ${t.length} `), t, utf8(` ${body.length} `), body);
  }

  // lib/releases/words.ts
  var inSentence = (title) => /^[A-Z][a-z]/.test(title) ? `${title.charAt(0).toLowerCase()}${title.slice(1)}` : title;

  // lib/signing/page/opening.ts
  var plain = (text) => ({ text, strong: false });
  var strong = (text) => ({ text: text ?? "", strong: true });
  var place = (environment) => strong(environment === "prod" ? "production" : environment);
  var openings = {
    enrol: (p) => ({
      parts: [
        plain("I, "),
        strong(p.person?.name),
        plain(", enrol this passkey, "),
        strong(p.label),
        plain(", as my own. What it signs from now on, I have signed.")
      ],
      limits: "Enrolling approves nothing. You can revoke the key at any time; what it signed before stays on record."
    }),
    attest: (p) => ({
      parts: [
        plain("I, "),
        strong(p.attester?.name),
        plain(", attest that "),
        strong(`${p.item?.id} ${p.item?.title}`),
        plain(
          p.outcome === "fail" ? " does not hold for " : p.outcome === "not_applicable" ? " does not apply to " : " holds for "
        ),
        strong(p.model),
        plain(`: ${p.statement}`)
      ],
      limits: "This is your word about this item and this evidence. It approves no release."
    }),
    decide: (p) => ({
      parts: [
        plain("I, "),
        strong(p.decider?.name),
        plain(", took part in the board's decision on "),
        strong(`${p.review}, ${p.model}`),
        plain(": "),
        strong(p.outcome),
        plain(p.decider?.choice ? `. My vote: ${inSentence(p.decider.choice)}.` : "."),
        plain(` Reasons: ${p.rationale}`)
      ],
      limits: "This is your word about this decision and what it was about. It approves no release."
    }),
    break_glass: (p) => ({
      parts: [
        plain("I, "),
        strong(p.confirmer?.name),
        plain(", confirm "),
        strong(p.breakGlass?.ref),
        plain(": the gate lets "),
        strong(`${p.release?.model} ${p.release?.version}`),
        plain(" into "),
        place(p.release?.environment),
        plain(` until ${(p.expiresAt ?? "").slice(0, 16).replace("T", " ")} UTC, past `),
        strong(reasonsIn(p.passes)),
        plain(
          ` that would stop it, as ${inSentence(p.confirmer?.roleName ?? "")}. ${p.requester?.name} asked for it: ${p.breakGlass?.justification}`
        )
      ],
      limits: "This approves no release. It opens the gate for the digest below and no other, is told to everyone concerned, and is looked at afterwards by someone else."
    }),
    approve: (p) => ({
      parts: [
        plain("I, "),
        strong(p.approver?.name),
        plain(`, ${p.decision === "REJECT" ? "reject" : "approve"} the release of `),
        strong(`${p.release?.model} ${p.release?.version}`),
        plain(" to "),
        place(p.release?.environment),
        plain(`, as ${inSentence(p.approver?.roleName ?? "")}.`),
        ...p.reason ? [plain(` Reason: ${p.reason}`)] : []
      ],
      limits: p.decision === "REJECT" ? "The rejection closes this request. A new request can be made later." : `${known(p)}This covers the digest below and no other, and ends if it changes. It closes no condition and replaces no failing or unknown check.`
    })
  };
  var openingOf = (purpose, predicate) => openings[purpose](predicate);
  var reasonsIn = (passes) => {
    const n = Array.isArray(passes) ? passes.length : 0;
    return n === 1 ? "one reason" : `${n} reasons`;
  };
  function known(p) {
    const readiness = Array.isArray(p.evidence) ? p.evidence.find((e) => e.name === "readiness")?.summary : null;
    const [, fail2, unknown] = /(\d+) fail, \d+ waived, (\d+) unknown/.exec(readiness ?? "") ?? [];
    if (!readiness) return "";
    const count = (n, what) => n && n !== "0" ? `${n} ${n === "1" ? "check" : "checks"} ${what}` : "";
    const gaps = [count(fail2, "failing"), count(unknown, "unknown")].filter((t) => t !== "").join(" and ");
    return `I have read the readiness result${gaps ? `, and I know that it has ${gaps}` : ""}. `;
  }

  // lib/signing/page/main.ts
  var api = location.pathname.replace(/^\/sign\//, "/sign/api/");
  var $ = (id) => {
    const found = document.getElementById(id);
    if (!found) throw new Error(`the page lacks #${id}`);
    return found;
  };
  var show = (id, visible) => {
    $(id).hidden = !visible;
  };
  var say = (id, text) => {
    $(id).textContent = text;
  };
  var facts;
  var payload;
  var keyId = "";
  async function call(body) {
    const response = await fetch(api, {
      method: body ? "POST" : "GET",
      credentials: "omit",
      cache: "no-store",
      ...body ? { headers: { "content-type": "application/json" }, body: JSON.stringify(body) } : {}
    }).catch(() => {
      throw new Error("The portal cannot be reached. Nothing was signed. Check the connection and try again.");
    });
    const answer = await response.json().catch(() => ({ detail: "The portal gave no readable answer. Nothing was signed." }));
    if (!response.ok)
      throw Object.assign(new Error(answer.detail), { final: response.status === 404 || response.status === 410 });
    return answer;
  }
  async function render(bytes) {
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
  function words(predicate) {
    const { parts, limits } = openingOf(facts.purpose, predicate);
    $("opening").replaceChildren(
      ...parts.map(({ text, strong: strong2 }) => {
        const node = document.createElement(strong2 ? "b" : "span");
        node.textContent = text;
        return node;
      })
    );
    say("limits", limits);
  }
  function draw(frame, digest) {
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
  var b64u = (buffer) => base64url(new Uint8Array(buffer));
  async function create() {
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
        timeout: 12e4
      }
    });
    if (!(made instanceof PublicKeyCredential) || !(made.response instanceof AuthenticatorAttestationResponse))
      throw new Error("Your browser gave no passkey.");
    const answer = await call({
      step: "key",
      id: made.id,
      clientDataJSON: b64u(made.response.clientDataJSON),
      attestationObject: b64u(made.response.attestationObject)
    });
    payload = fromBase64(answer.payload ?? "");
    keyId = answer.credentialId ?? made.id;
    await render(payload);
    show("statement", true);
    show("compare", false);
    say("sign-title", "2. Sign with the new key");
    say(
      "sign-hint",
      "Your new key now signs this statement itself, so that nobody can enrol a key in your name without it."
    );
    say("go-label", "Sign with the new passkey");
  }
  async function sign() {
    const digest = await render(payload);
    const got = await navigator.credentials.get({
      publicKey: {
        challenge: approvalChallenge(facts.host, digest),
        rpId: facts.rpId,
        allowCredentials: [{ type: "public-key", id: fromBase64url(keyId) }],
        userVerification: "required",
        timeout: 12e4
      }
    });
    if (!(got instanceof PublicKeyCredential) || !(got.response instanceof AuthenticatorAssertionResponse))
      throw new Error("Your browser gave no signature.");
    const answer = await call({
      step: "sign",
      assertion: {
        id: got.id,
        clientDataJSON: b64u(got.response.clientDataJSON),
        authenticatorData: b64u(got.response.authenticatorData),
        signature: b64u(got.response.signature)
      }
    });
    finish(answer.done ?? "Signed.");
  }
  function finish(text) {
    for (const id of ["act", "stick"]) show(id, false);
    say("done-text", text);
    show("done", true);
    $("done").focus();
  }
  function inWords(error) {
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
  var busy = false;
  async function run(action) {
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
  function fail(text) {
    for (const id of ["page", "stick"]) show(id, false);
    say("fail-text", text);
    show("fail", true);
  }
  async function start() {
    try {
      facts = await call();
    } catch (error) {
      fail(error instanceof Error ? error.message : String(error));
      return;
    }
    say("person", facts.person.name);
    say("about", facts.about);
    for (const link of document.querySelectorAll("a.back")) link.href = facts.back;
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
    const go = () => run(() => facts.purpose === "enrol" && payload.length === 0 ? create() : sign());
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
      void run(async () => finish((await call({ step: "decline", reason: why.value })).done ?? "Declined."));
    });
    show("page", true);
    show("stick", true);
  }
  void start();
})();
