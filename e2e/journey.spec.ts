import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parts, sections } from "@/lib/reviews/sections";
import { cli } from "./cli";
import { enrol, go } from "./deeds";
import { withPasskey } from "./passkey";
import { expect, test } from "./test";

test.describe.configure({ mode: "serial" });
test.use({ demo: true });

/** The model of this story, trained and registered on the MLflow server by the test. */
const suffix = Date.now().toString(36);
const model = `card-limit-nudge-${suffix}`;
const connection = `Card risk MLflow ${suffix}`;

test("1. an administrator connects MLflow, tests the connection and sees the sync", async ({
  pageAs,
  mlflow,
  accessible,
}) => {
  mlflow.python("e2e/train.py", [model, "2"]);
  const page = await pageAs("Elin Brandt");
  await page.goto("/admin/connections");
  await page.getByLabel("Name", { exact: true }).fill(connection);
  await page.getByLabel("Address of the MLflow server").fill(mlflow.url);
  await page.getByRole("button", { name: "Test connection" }).click();
  await expect(page.getByText(/1 (registered )?model/).first()).toBeVisible({ timeout: 20_000 });
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(page).toHaveURL(/admin\/connections\/[0-9a-f-]{36}/);
  await expect(page.getByText(/1 model, 2 versions would be imported/)).toBeVisible({ timeout: 20_000 });
  await accessible(page);
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await expect(page.getByRole("cell", { name: "Completed" })).toBeVisible({ timeout: 60_000 });
  await page.getByRole("button", { name: "Sync now" }).click();
  await expect(page.getByRole("cell", { name: "Completed" })).toHaveCount(2, { timeout: 60_000 });
  await accessible(page);
});

test("2. the owner claims the model, answers the twelve questions and gets a tier with its drivers", async ({
  pageAs,
  accessible,
}) => {
  const page = await pageAs("Priya Raman");
  await page.goto(`/models/${model}`);
  await expect(page.getByText("Unclaimed").first()).toBeVisible();
  await page.goto(`/models/${model}/claim`);
  await page.getByLabel("Business unit").selectOption({ label: "Cards and payments" });
  await page.getByLabel("Deputy").selectOption({ label: "Emre Aydın" });
  await page.getByLabel("Kind").selectOption({ label: "Classical" });
  await page.getByLabel("Serving").selectOption({ label: "Batch" });
  await page.getByLabel("Team").fill("Card risk");
  await page.getByRole("button", { name: "Claim", exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`/models/${model}$`));
  await page.goto(`/models/${model}/risk`);
  const answers = [1, 1, 1, 2, 2, 2, 1, 2, 1, 2, 1, 1];
  for (const [i, answer] of answers.entries()) {
    await page
      .locator(`fieldset[data-field="answers.Q${i + 1}"] input[type=radio]`)
      .nth(answer)
      .check();
  }
  await page.locator('input[name="legalClass"][value="minimal"]').check();
  await page.getByRole("button", { name: "Record tier 3" }).click();
  await expect(page.getByText("Recorded: tier 3.")).toBeVisible();
  await page.goto(`/models/${model}`);
  await expect(page.getByText(/Tier 3, driven by/)).toBeVisible();
  await page.getByText(/^Show all \d+ facts$/).click();
  await expect(page.getByText(/roc_auc 0\.9/).first()).toBeVisible();
  await accessible(page);
});

test("3. the owner follows a reference architecture and sees the readiness checklist", async ({
  pageAs,
  accessible,
}) => {
  const page = await pageAs("Priya Raman");
  await page.goto("/patterns");
  await page
    .getByRole("link", { name: /Batch scoring/i })
    .first()
    .click();
  // A diagram is drawn when it nears the screen.
  await page.locator("figure.diagram").first().scrollIntoViewIfNeeded();
  await expect(page.locator("figure.diagram img").first()).toBeVisible({ timeout: 30_000 });
  const follow = page.getByRole("form", { name: "Follow this pattern with a model" });
  await follow.getByLabel("Model", { exact: true }).fill(model);
  await follow
    .getByLabel("Where it departs")
    .fill("Scores are read through a view of our own until the shared one is out.");
  await follow.getByRole("button", { name: /Follow version/ }).click();
  await expect(page).toHaveURL(/\/models\//);
  await page.goto(`/models/${model}/readiness`);
  await expect(page.getByRole("link", { name: /^Fail arc-1/ })).toBeVisible();
  await expect(page.getByRole("link", { name: /^Unknown slo-1/ })).toBeVisible();
  await page.getByRole("link", { name: /^Passing/ }).click();
  await expect(page.getByRole("link", { name: /rep-2/ })).toBeVisible();
  await accessible(page);
});

let review = "";
test("4. the review goes from a decision record through votes to a decision with a condition", async ({
  pageAs,
  accessible,
}) => {
  const owner = await pageAs("Priya Raman");
  await owner.goto("/decisions/new");
  await owner.getByLabel("Model it is about").fill(model);
  await owner
    .getByLabel("Record", { exact: true })
    .fill(
      `---\nstatus: proposed\n---\n\n# Nudge limits in batch\n\n## Context and Problem Statement\n\nCustomers near their limit call us.\n\n## Considered Options\n\n* Nudge at night\n* Nudge at once\n\n## Decision Outcome\n\nChosen option: "Nudge at night", because nobody waits for it.\n\n### Confirmation\n\nScores are written before 06:00.\n`,
    );
  await owner.getByRole("button", { name: "Propose" }).click();
  await expect(owner).toHaveURL(/\/decisions\/ADR-\d+/);
  const adr = owner.url().match(/ADR-\d+/)?.[0] ?? "";
  await owner.goto(`/reviews/new?model=${model}`);
  await owner.getByLabel("Title").fill("Nudges for customers near their limit");
  await owner.getByLabel("Decision record").selectOption(adr);
  await owner.getByRole("button", { name: "Begin the submission" }).click();
  await expect(owner).toHaveURL(/\/reviews\/REV-\d+/);
  review = owner.url().match(/REV-\d+/)?.[0] ?? "";
  await owner.getByLabel("Kind of change").selectOption({ label: "New model" });
  await owner.getByLabel("Sponsor").fill("Marit Eide");
  for (const id of [
    "newDataClass",
    "newVendor",
    "newRegion",
    "newPattern",
    "agentWriteAccess",
    "crossUnit",
    "irreversible",
    "mandatoryDeviation",
  ]) {
    await owner.locator(`#${id}`).getByLabel("No").check();
  }
  await owner.getByLabel("System", { exact: true }).fill("Accounts");
  await owner.getByLabel("Wanted by").fill("2030-06-01");
  for (const field of [...sections, ...parts]) {
    await owner
      .locator(`#${field.id}`)
      .getByRole("textbox")
      .fill(`${field.title}: written for this test, in one plain sentence.`);
  }
  await expect(owner.getByText(/All changes are saved/)).toBeVisible();
  await owner.getByRole("button", { name: "Submit to the board" }).click();
  await expect(owner.getByText("Fast track").first()).toBeVisible();
  await expect(owner.getByText(/In this lane because/)).toBeVisible();

  const security = await pageAs("Noor Haddad");
  await security.goto(`/reviews/${review}`);
  await security.locator("#vote").getByLabel("Approve with conditions").check();
  await security.locator("#vote").getByLabel("Reason").fill("Drill the rollback first.");
  await security.getByRole("button", { name: "Cast your vote" }).click();
  await expect(security.getByRole("button", { name: "Change your vote" })).toBeVisible();

  const architect = await pageAs("Tomasz Wieczorek");
  await architect.goto(`/reviews/${review}`);
  await architect.locator("#vote").getByLabel("Approve with conditions").check();
  await architect.getByRole("button", { name: "Cast your vote" }).click();
  await expect(architect.getByRole("button", { name: "Change your vote" })).toBeVisible();

  const chair = await pageAs("Ingrid Solberg");
  await chair.goto(`/reviews/${review}`);
  await chair.getByRole("radio", { name: "With conditions", exact: true }).click();
  const add = chair.getByRole("button", { name: "Add a condition" });
  if ((await chair.getByLabel("Condition 1", { exact: true }).count()) === 0) await add.click();
  await chair.getByLabel("Condition 1", { exact: true }).fill("Rehearse the rollback with the night team.");
  await chair.getByLabel("Owner of condition 1").selectOption({ label: "Priya Raman" });
  await chair
    .getByLabel("Due date of condition 1")
    .fill(new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10));
  await chair.getByLabel("Reasons").fill("A small model on a known path; one drill is missing.");
  await chair.getByRole("button", { name: "Record decision" }).click();
  await expect(chair.getByText("Approved with conditions").first()).toBeVisible();
  await accessible(chair);
});

test("5. the owner answers the condition and the chair accepts it", async ({ pageAs }) => {
  const owner = await pageAs("Priya Raman");
  await owner.goto(`/reviews/${review}`);
  await owner.getByText("Answer with evidence").click();
  await owner.getByLabel("What was done").fill("Rolled back and forward on Sunday night; six minutes.");
  await owner.getByLabel("Evidence file").setInputFiles({
    name: "drill.txt",
    mimeType: "text/plain",
    buffer: Buffer.from(`Rollback drill of ${model}, Sunday 02:10 to 02:16.\n`),
  });
  await expect(owner.getByText(/drill\.txt, sha256:/)).toBeVisible();
  await owner.getByRole("button", { name: "Answer", exact: true }).click();
  await expect(owner.getByText("Rolled back and forward on Sunday night; six minutes.").first()).toBeVisible();
  await expect(owner.getByRole("article", { name: /^CON-/ }).locator('a[href^="/api/v1/evidence/"]')).toBeVisible();
  const chair = await pageAs("Ingrid Solberg");
  await chair.goto(`/reviews/${review}`);
  await chair.getByRole("button", { name: "Accept the answer" }).click();
  await expect(chair.getByText("Closed").first()).toBeVisible();
});

let release = "";
let digest = "";
test("6. the owner asks for a release and a colleague signs it with a passkey on the signing origin", async ({
  pageAs,
  api,
  portal,
  accessible,
}) => {
  const listed = await api.get(`models/${model}/versions`);
  const versions = (await listed.json()).versions as { version: string; digest: string }[];
  digest = versions.find((v) => v.version === "1")?.digest ?? "";
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
  const owner = await pageAs("Priya Raman");
  await owner.goto(`/releases/new?model=${model}&version=1`);
  await owner.getByRole("button", { name: "Request the release" }).click();
  await expect(owner).toHaveURL(/\/releases\/REL-\d+/);
  release = owner.url().match(/REL-\d+/)?.[0] ?? "";
  await expect(owner.getByText("APPROVAL_MISSING")).toBeVisible();
  await accessible(owner);

  const peer = await pageAs("Tomasz Wieczorek");
  await withPasskey(peer);
  await enrol(peer, "Test laptop");
  await peer.goto(`${portal.address}/releases/${release}`);
  await peer.getByRole("button", { name: "Read and sign" }).first().click();
  const link = peer.getByRole("link", { name: "Open the signing page" });
  await expect(link).toBeVisible();
  const code = await peer
    .locator("div.mono")
    .filter({ hasText: /^\d{3} \d{3} \d{3} \d{3}$/ })
    .first()
    .textContent();
  await peer.goto((await link.getAttribute("href")) ?? "");
  await expect(peer.locator("#code")).toContainText((code ?? "").slice(0, 7));
  await expect(peer.locator("#lines")).toContainText(digest.slice(0, 8));
  await accessible(peer);
  await go(peer);
  await expect(peer.locator("#done")).toBeVisible();
  await peer.goto(`${portal.address}/releases/${release}`);
  await expect(peer.getByText("Valid").first()).toBeVisible();
});

test("7. CI asks the gate over HTTP and from a shell; a wrong digest is denied with its reason", async ({
  api,
  portal,
  request,
}) => {
  const made = await api.post("tokens", { data: { name: `CI of ${model}`, kind: "service", roles: ["service"] } });
  const { token } = await made.json();
  const key = path.join(portal.dataDir, "gate.pub");
  writeFileSync(key, await (await request.get("/.well-known/portal.pub")).text());
  const gate = (url: string, sha256: string) =>
    cli(
      [
        "gate",
        "check",
        "--url",
        url,
        "--model",
        model,
        "--version",
        "1",
        "--env",
        "prod",
        "--digest",
        sha256,
        "--key",
        key,
      ],
      {
        COUNTERSIGN_TOKEN: token,
      },
    );
  const wrong = gate(portal.address, "0".repeat(64));
  expect(wrong.out).toContain("DIGEST_MISMATCH");
  expect(wrong.code).toBe(1);
  const allowed = gate(portal.address, digest);
  expect(allowed.code, allowed.out).toBe(0);
  expect(gate("http://127.0.0.1:9", digest).code).toBe(2);
  const answer = await api.post("gate/check", {
    data: { model, version: "1", digest, environment: "prod", nonce: "journey-nonce-1" },
    headers: { authorization: `Bearer ${token}` },
  });
  expect(answer.status()).toBe(200);
  expect(await answer.json()).toMatchObject({ decision: "allow", nonce: "journey-nonce-1", release });
});

test("8. the bundle verifies offline, and a changed byte is named", async ({ portal, request }) => {
  const out = path.join(portal.dataDir, "bundle.json");
  const key = path.join(portal.dataDir, "portal.pub");
  const made = cli(["bundle", release, "--url", portal.address, "--out", out], { COUNTERSIGN_TOKEN: portal.token });
  expect(made.code, made.out).toBe(0);
  writeFileSync(key, await (await request.get("/.well-known/portal.pub")).text());
  const good = cli(["verify", out, "--key", key, "--model", model, "--version", "1", "--digest", digest]);
  expect(good.code, good.out).toBe(0);
  const text = readFileSync(out, "utf8");
  const at = text.indexOf('"payload"') + 40;
  writeFileSync(out, `${text.slice(0, at)}${text[at] === "A" ? "B" : "A"}${text.slice(at + 1)}`);
  const bad = cli(["verify", out, "--key", key]);
  expect(bad.code).toBe(1);
  expect(bad.out).toMatch(/FAIL|✗|fails/);
});

test("9. Countersign moves the alias; an alias moved behind its back is found at the next sync", async ({
  mlflow,
  pageAs,
  request,
}) => {
  const alias = async (): Promise<string | undefined> => {
    const got = await request.get(`${mlflow.url}/api/2.0/mlflow/registered-models/get?name=${model}`);
    const { registered_model } = await got.json();
    return (registered_model.aliases ?? []).find((a: { alias: string }) => a.alias === "champion")?.version;
  };
  await expect.poll(alias, { timeout: 60_000 }).toBe("1");
  await request.post(`${mlflow.url}/api/2.0/mlflow/registered-models/alias`, {
    data: { name: model, alias: "champion", version: "2" },
  });
  const page = await pageAs("Elin Brandt");
  await page.goto("/admin/connections");
  await page.getByRole("link", { name: connection }).click();
  await page.getByRole("button", { name: "Sync now" }).click();
  await expect(async () => {
    await page.goto(`/models/${model}`);
    await expect(page.getByText(/gate bypass/i).first()).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 90_000 });
});

test("10. leadership sees the KPIs and the model page draws the lineage that MLflow knows", async ({
  pageAs,
  accessible,
}) => {
  const page = await pageAs("Marianne Voss");
  await page.goto("/kpis");
  await expect(page.getByText("ML change failure rate")).toBeVisible();
  await expect(page.getByText("13 not measured")).toBeVisible();
  await accessible(page);
  await page.getByRole("link", { name: "Architecture review cycle time" }).click();
  await expect(page.getByText(review)).toBeVisible();
  await page.goto(`/models/${model}`);
  await expect(page.getByText("breast-cancer-train").first()).toBeVisible();
});
