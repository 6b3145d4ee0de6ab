import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadContent, newestOfEach, type Pipeline } from "@/lib/content/load";
import { onCommit } from "@/lib/core/command";
import { sequencer } from "@/lib/log/sequencer";
import { requestRelease } from "@/lib/releases/request";
import { hosts } from "@/lib/signing/hosts";
import { publishedFile } from "@/lib/signing/published";
import { cliFile } from "@/lib/testing/cli-file";
import { stepOf } from "@/lib/testing/pipeline-steps";
import { api, openApi } from "../asking";
import { served } from "../served";

const artefact = "the weights of a model";
const sha256 = (data: string | Buffer) => createHash("sha256").update(data).digest("hex");
const each = newestOfEach(loadContent().pipelines).map((p) => [p.id, p] as const);

let portal: Awaited<ReturnType<typeof served>>;
let log: ReturnType<typeof sequencer>;
let folder: string;
let cli: Buffer;
let name: string;
let runs = 0;
beforeAll(async () => {
  await openApi();
  portal = await served();
  folder = mkdtempSync(path.join(tmpdir(), "countersign-pipelines-"));
  cli = readFileSync(await cliFile(folder));
  const { world } = api;
  log = sequencer({ db: world.owner.db, keys: world.keys, origin: hosts().log, now: () => new Date() });
  onCommit(log.wake);
  const published = await publishedFile(world.owner.db, { host: hosts().portal, origin: hosts().log }, "portal.pub");
  writeFileSync(path.join(folder, "portal.pub"), published?.body ?? "");
  world.now.at = new Date();
  const m = await world.model({}, { digest: sha256(artefact) });
  name = m.name;
  const { ref } = await requestRelease(world.owner, { model: name, version: m.version, environment: "prod" });
  await world.sign(world.architect, ref);
  // The command line as an artefact store would serve it.
  portal.state.instead = (what) => (what === "GET /countersign.mjs" ? new Response(cli.toString("utf8")) : null);
});
afterAll(async () => {
  onCommit(() => undefined);
  await log.stop();
  await portal.close();
  await api.drop();
  rmSync(folder, { recursive: true, force: true });
});

/** What may differ between one run and the next; the rest is as the file has it. */
type Given = { env?: Record<string, string>; bytes?: string; prepare?: (workspace: string) => void };

/** Runs the step of a pipeline in a workspace of its own, with its variables set as the vendor would. */
async function step(p: Pipeline, { env = {}, bytes = artefact, prepare }: Given = {}) {
  const { shell, script, env: own } = stepOf(p);
  const workspace = path.join(folder, `run-${runs++}`);
  for (const dir of [".countersign", "countersign", "model"]) mkdirSync(path.join(workspace, dir), { recursive: true });
  for (const dir of [".countersign", "countersign"])
    copyFileSync(path.join(folder, "portal.pub"), path.join(workspace, dir, "portal.pub"));
  writeFileSync(path.join(workspace, "countersign/countersign.mjs"), cli);
  for (const file of ["model.bin", "model/model.bin"]) writeFileSync(path.join(workspace, file), bytes);
  prepare?.(workspace);
  const tag = {
    GITHUB_REF_NAME: "v1.0.0",
    CI_COMMIT_TAG: "v1.0.0",
    BUILD_SOURCEBRANCHNAME: "v1.0.0",
    TAG_NAME: "v1.0.0",
  };
  const here = { MODEL: name, VERSION: "1.0.0", ARTEFACT: path.join(workspace, "model.bin"), WAIT: "0.3s" };
  const outputs = path.join(workspace, "outputs");
  writeFileSync(outputs, "");
  const child = spawn(shell[0] ?? "sh", [...shell.slice(1), "-c", moved(script, workspace)], {
    cwd: workspace,
    env: {
      NODE_ENV: "production",
      PATH: process.env.PATH,
      GITHUB_OUTPUT: outputs,
      ...own,
      ...tag,
      ...here,
      COUNTERSIGN_URL: portal.url,
      COUNTERSIGN_TOKEN: api.tokens.everyone,
      COUNTERSIGN_CLI_URL: `${portal.url}/countersign.mjs`,
      COUNTERSIGN_CLI_SHA256: sha256(cli),
      ...env,
    },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (said += data));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, said, workspace };
}

/** A container has these two folders at its root; here they are in the workspace. */
const moved = (script: string, workspace: string) =>
  script.replace(/(?<=[\s"])\/(?=(countersign|model)\/)/g, `${workspace}/`);

test("every kind of pipeline that was asked for is there", () => {
  expect(each.map(([id]) => id)).toEqual([
    "argo-cd",
    "azure-devops",
    "github-actions",
    "gitlab-ci",
    "jenkins",
    "kubernetes-admission",
  ]);
});

test.concurrent.each(each)(
  "%s: goes on when the gate allows, and leaves the digest that was asked about",
  async (_id, p) => {
    const { code, said, workspace } = await step(p);
    expect(code, said).toBe(0);
    expect(said).toContain(`ALLOW ${name} 1.0.0 to prod`);
    if (existsSync(path.join(workspace, "gate-answer.json")))
      expect(readFileSync(path.join(workspace, "gate-answer.json"), "utf8")).toContain("inclusionProof");
    const left = ["outputs", "allowed.sha256"].map((f) => path.join(workspace, f)).filter((f) => existsSync(f));
    if (["github-actions", "gitlab-ci", "jenkins"].includes(p.id))
      expect(left.map((f) => readFileSync(f, "utf8")).join("")).toContain(sha256(artefact));
    if (p.id === "azure-devops") expect(said).toContain(`variable=digest;isOutput=true]${sha256(artefact)}`);
  },
);

test.concurrent.each(each)(
  "%s: stops at a deny, with the reason and who can clear it, and leaves no digest",
  async (_id, p) => {
    const { code, said, workspace } = await step(p, { bytes: "other weights" });
    expect(code, said).not.toBe(0);
    expect(said).toContain("DIGEST_MISMATCH");
    expect(said).toMatch(/Priya Raman.*: deploy the registered artefact/);
    expect(existsSync(path.join(workspace, "allowed.sha256"))).toBe(false);
    expect(readFileSync(path.join(workspace, "outputs"), "utf8")).toBe("");
    expect(said).not.toContain("isOutput");
  },
);

test.concurrent.each(each)("%s: stops while the portal is away", async (_id, p) => {
  const { code, said } = await step(p, { env: { COUNTERSIGN_URL: "http://127.0.0.1:9" } });
  expect(code, said).not.toBe(0);
  expect(said).toContain("does not answer");
});

const spoilt: [string, Given, RegExp][] = [
  [
    "the artefact is missing",
    { prepare: (w) => ["model.bin", "model/model.bin"].map((f) => rmSync(path.join(w, f))) },
    /--digest is missing/,
  ],
  [
    "the pinned key is another portal's",
    {
      prepare: (w) => {
        for (const dir of [".countersign", "countersign"]) {
          const file = path.join(w, dir, "portal.pub");
          const spki = /(?<=-----BEGIN PUBLIC KEY-----\n)[\s\S]*(?=\n-----END PUBLIC KEY-----)/;
          writeFileSync(file, readFileSync(file, "utf8").replace(spki, otherKey));
        }
      },
    },
    /cannot be trusted/,
  ],
];
/** A P-256 key that no portal has: the generator of the curve. */
const otherKey =
  "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==";
test.concurrent.each(each.flatMap(([id, p]) => spoilt.map((s) => [id, ...s, p] as const)))(
  "%s: stops when %s",
  async (_id, _what, given, why, p) => {
    const { code, said } = await step(p, given);
    expect(code, said).not.toBe(0);
    expect(said).toMatch(why);
  },
);

test.each(each.filter(([, p]) => stepOf(p).script.includes("COUNTERSIGN_CLI_SHA256")))(
  "%s: runs no command line but the pinned one",
  async (_id, p) => {
    const marker = path.join(folder, "ran");
    const honest = cli;
    cli = Buffer.from(`import fs from "node:fs"; fs.writeFileSync(${JSON.stringify(marker)}, "x");\n`);
    try {
      const { code, said } = await step(p, { env: { COUNTERSIGN_CLI_SHA256: sha256(honest) } });
      expect(code, said).not.toBe(0);
      expect(said).toMatch(/FAILED|did NOT match/);
      expect(existsSync(marker)).toBe(false);
    } finally {
      cli = honest;
    }
  },
);
