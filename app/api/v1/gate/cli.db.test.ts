import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { main } from "@/bin/main";
import type { finalReasons } from "@/lib/releases/final-reasons";
import { requestRelease } from "@/lib/releases/request";
import { withdrawRelease } from "@/lib/releases/withdraw";
import { publishedFile } from "@/lib/signing/published";
import { api, openApi } from "../asking";
import { served } from "../served";

let portal: Awaited<ReturnType<typeof served>>;
let folder: string;
let key: string;
beforeAll(async () => {
  await openApi();
  portal = await served();
  folder = mkdtempSync(path.join(tmpdir(), "countersign-gate-"));
  key = path.join(folder, "portal.pub");
  const published = await publishedFile(
    api.world.owner.db,
    { host: "localhost", origin: "log.localhost" },
    "portal.pub",
  );
  writeFileSync(key, published?.body ?? "");
  api.world.now.at = new Date();
});
afterAll(async () => {
  await portal.close();
  await api.drop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  portal.state.instead = () => null;
  portal.asked.length = 0;
});

type Model = Awaited<ReturnType<typeof api.world.model>>;

/** Starts `countersign gate …` about a model; `said` grows while it runs. */
function gate(verb: "check" | "wait" | "explain", m: Model, more: readonly string[] = [], token = api.tokens.everyone) {
  const said: string[] = [];
  const say = (text: string) => said.push(text);
  const about = ["--model", m.name, "--version", m.version, "--digest", m.digest, "--url", portal.url];
  const trusted = verb === "explain" ? [] : ["--key", key];
  const environment = more.includes("--env") ? [] : ["--env", "prod"];
  const code = main(["gate", verb, ...about, ...environment, ...trusted, ...more], {
    out: say,
    err: say,
    env: { COUNTERSIGN_TOKEN: token },
  });
  return { code, said, text: () => said.join("\n") };
}
/** A busy machine is no fault of the code. */
const until = (holds: () => void) => vi.waitFor(holds, { timeout: 15_000 });
const often = ["--every", "0.1s", "--timeout", "20s"];
const ask = async (m: Model) =>
  (await requestRelease(api.world.owner, { model: m.name, version: m.version, environment: "prod" })).ref;
const checks = () => portal.asked.filter((a) => a.what.endsWith("/gate/check")).length;
const looks = () => portal.asked.filter((a) => a.what.endsWith("/gate/explain")).length;

test("wait says each answer once, ends with the allow, and leaves two questions in the log", async () => {
  const m = await api.world.model();
  const logged = await api.entries("gate.checked");
  const waiting = gate("wait", m, often);
  await until(() => expect(waiting.text()).toContain("NO_REQUEST"));
  const ref = await ask(m);
  await until(() => expect(waiting.text()).toContain("APPROVAL_MISSING"));
  const before = looks();
  await until(() => expect(looks()).toBeGreaterThan(before + 2));
  await api.world.sign(api.world.architect, ref);
  expect(await waiting.code, waiting.text()).toBe(0);
  expect(waiting.said.map((s) => s.split("\n")[0])).toEqual([
    `DENY ${m.name} 1.0.0 to prod`,
    `DENY ${m.name} 1.0.0 to prod (${ref})`,
    `ALLOW ${m.name} 1.0.0 to prod (${ref})`,
  ]);
  expect((await api.entries("gate.checked")) - logged).toBe(2);
});

const ends: Record<keyof typeof finalReasons, () => Promise<[Model, ...string[]]>> = {
  WRONG_ENVIRONMENT: async () => [await api.world.model(), "--env", "dev"],
  PROHIBITED: async () => [await api.world.model({ legalClass: "prohibited" })],
  DIGEST_MISMATCH: async () => [{ ...(await api.world.model()), digest: "0".repeat(64) }],
  APPROVAL_REJECTED: async () => {
    const m = await api.world.model();
    await api.world.sign(api.world.architect, await ask(m), { decision: "REJECT", reason: "It was not load-tested." });
    return [m];
  },
};
test.each(Object.entries(ends))("wait ends at once where no waiting helps: %s", async (code, scene) => {
  const [m, ...more] = await scene();
  const waiting = gate("wait", m, [...often, ...more]);
  expect(await waiting.code, waiting.text()).toBe(1);
  expect(waiting.text()).toContain(code);
  expect(waiting.text()).toContain("No waiting clears this.");
  expect([checks(), looks()]).toEqual([1, 0]);
});

test("wait ends when the request is withdrawn under it, and not because there is none yet", async () => {
  const m = await api.world.model();
  const release = await ask(m);
  const waiting = gate("wait", m, often);
  await until(() => expect(looks()).toBeGreaterThan(1));
  await withdrawRelease(api.world.owner, { release, reason: "Built from the wrong branch." });
  expect(await waiting.code, waiting.text()).toBe(1);
  expect(waiting.text()).toContain("No waiting clears this.");
});

test("when the time is up wait asks once more, and denies in words", async () => {
  const waiting = gate("wait", await api.world.model(), ["--every", "0.1s", "--timeout", "1s"]);
  expect(await waiting.code).toBe(1);
  expect(waiting.text()).toContain("The time is up, and the gate still denies.");
  expect(portal.asked.at(-1)?.what).toBe("POST /api/v1/gate/check");
  expect(looks()).toBeGreaterThan(0);
});

test("wait outlasts a portal that is busy, for as long as it is told to, and check does not", async () => {
  const m = await api.world.model();
  await api.world.sign(api.world.architect, await ask(m));
  let left = 1;
  const busy = () =>
    left-- > 0 ? Response.json({ detail: "Being restarted." }, { status: 503, headers: { "retry-after": "1" } }) : null;
  portal.state.instead = busy;
  const waiting = gate("wait", m, often);
  expect(await waiting.code, waiting.text()).toBe(0);
  const [first, second] = portal.asked;
  // Timers may fire a hair early.
  expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(990);
  expect(waiting.said[0]).toContain("Being restarted. (503)");
  left = 1;
  expect(await gate("check", m).code).toBe(2);
});

test("a portal that is away when the time is up is no answer, and a token that it refuses ends the wait at once", async () => {
  const m = await api.world.model();
  const away = gate("wait", m, ["--every", "0.1s", "--timeout", "0.3s", "--url", "http://127.0.0.1:9"]);
  expect(await away.code).toBe(2);
  expect(away.text()).toContain("does not answer");
  const refused = gate("wait", m, often, api.tokens.revoked);
  expect(await refused.code).toBe(2);
  expect(refused.text()).toContain("revoked");
  expect(checks()).toBe(1);
});

test("an answer that the pinned key did not sign ends the wait as no answer", async () => {
  const other = path.join(folder, "other.pub");
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const text = readFileSync(key, "utf8");
  const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
  writeFileSync(other, text.replace(/-----BEGIN PUBLIC KEY-----[\s\S]*?-----END PUBLIC KEY-----\n/, pem));
  const waiting = gate("wait", await api.world.model(), [...often, "--key", other]);
  expect(await waiting.code, waiting.text()).toBe(2);
  expect(waiting.text()).toContain("cannot be trusted");
});

test("explain says what passes, what blocks and who can unblock it, and leaves no trace", async () => {
  const m = await api.world.model();
  const ref = await ask(m);
  const before = await api.rowCounts();
  const blocked = gate("explain", m);
  expect(await blocked.code).toBe(1);
  expect(blocked.said[0]).toBe(
    `The gate would deny ${m.name} 1.0.0 to prod (${ref}). Unsigned: it lets nothing through.`,
  );
  expect(blocked.text()).toContain(`tier 4, registered artefact ${m.digest}`);
  expect(blocked.text()).toMatch(/open Peer: 0 of 1 signatures/);
  expect(blocked.text()).toMatch(/APPROVAL_MISSING: .*\n.*Milan Novak, ML architect.*: can read and sign\. http/);
  expect(await api.rowCounts()).toEqual(before);
  await api.world.sign(api.world.architect, ref);
  const passing = gate("explain", m);
  expect(await passing.code, passing.text()).toBe(0);
  expect(passing.text()).toMatch(/ok {3}Peer: 1 of 1 signatures/);
  expect(await gate("explain", { ...m, digest: "0".repeat(64) }).code).toBe(1);
});

test.each(["soon", "0s", "10", "1000h"])("a time of %s is wrong usage", async (time) => {
  const waiting = gate("wait", await api.world.model(), ["--timeout", time]);
  expect(await waiting.code).toBe(2);
  expect(waiting.text()).toContain("give a span such as 90s");
  expect(portal.asked).toEqual([]);
});
