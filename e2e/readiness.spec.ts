import { readFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "@playwright/test";
import pg from "pg";
import { expect as soon, test } from "./test";

test.setTimeout(180_000);

// A form that writes, and the page that shows what was written, on a busy machine.
const expect = soon.configure({ timeout: 30_000 });

const marker = Date.now().toString(36);

/** A tier-1 model of the demo's owner. */
const model = "login-risk";
const itemOf = (item: string) => `/models/${model}/readiness?show=all&item=${item}#${item}`;

/** The owner's word about an item, given in its form. */
async function say(page: Page, item: string, outcome: "pass" | "fail", words: string): Promise<void> {
  await page.goto(itemOf(item));
  const form = page.getByRole("form", { name: `Attest ${item}` });
  await form.getByLabel("Outcome").selectOption(outcome);
  await form.getByLabel("What you looked at and what you found").fill(words);
  await form.locator("input[name=evidenceUrl]").fill("https://wiki.halden.example/readiness");
  await form.getByRole("button", { name: "Attest", exact: true }).click();
  await expect(page.getByText("Attested.", { exact: true })).toBeVisible({ timeout: 30_000 });
}

/** Asks for a waiver of an item in the form on its place. */
async function askFor(page: Page, place: string, why: string): Promise<void> {
  await page.goto(place);
  await page.getByText("Ask for a waiver", { exact: true }).first().click();
  await page.getByLabel("Why it cannot hold now").fill(why);
  await page.getByLabel("How likely is harm meanwhile").selectOption("unlikely");
  await page.getByLabel("How bad it would be, with what is done instead").selectOption("minor");
  await page.getByLabel("Who is affected, and how").fill("Nobody outside the team, for a day at most.");
  await page
    .getByLabel("What is done instead", { exact: true })
    .fill("Nightly copies are read back and compared by hand.");
  await page.getByLabel("How and when the item will hold").fill("The first restore test is booked.");
  await page.getByLabel("Until").fill(new Date(Date.now() + 60 * 86_400_000).toISOString().slice(0, 10));
  await page.getByRole("button", { name: "Ask for a waiver" }).click();
  // The form makes way for what was asked and who decides.
  await expect(page.getByText(why, { exact: true })).toBeVisible();
  await expect(page.getByText(/It takes the head of/)).toBeVisible();
}

test("a waiver is asked, taken back and asked again, refused to the wrong person, accepted by the right one, counts, and runs out", async ({
  pageAs,
  portal,
  accessible,
}, { retry }) => {
  const owner = await pageAs("Priya Raman");
  // A second attempt finds the first one's waiver, so it takes another item.
  const id = retry === 0 ? "res-2" : "res-1";
  await say(owner, id, "fail", `The restore environment was taken down last week (${marker}).`);
  const place = itemOf(id);
  const item = owner.locator(`#${id}`);
  const why = `The restore environment is rebuilt (${marker}).`;
  await askFor(owner, place, `Asked too early (${marker}).`);
  await item.getByText("Take the request back").click();
  await item.getByLabel("Why it is not needed").fill("The date was wrong.");
  await item.getByRole("button", { name: "Take it back" }).click();
  await expect(item.getByText("Take the request back")).toHaveCount(0);
  await expect(item.getByText("Ended", { exact: true }).first()).toBeVisible();
  await askFor(owner, place, why);
  await accessible(owner);

  const wrong = await pageAs("Noor Haddad");
  await wrong.goto(place);
  await expect(wrong.getByText(/This risk is for the head/)).toBeVisible();
  await expect(wrong.getByRole("button", { name: /^Decide/ })).toBeDisabled();

  const right = await pageAs("Marianne Voss");
  await right.goto(place);
  await right.getByLabel("Reason", { exact: true }).fill("Small, watched by hand, and it ends in two months.");
  await right.getByRole("combobox", { name: "Decision", exact: true }).selectOption({ label: "Accept the risk" });
  await right.getByRole("button", { name: "Decide", exact: true }).click();
  await expect(right.getByRole("button", { name: "Decide", exact: true })).toHaveCount(0);
  await expect(right.getByText(/accepted by Marianne Voss as /).first()).toBeVisible();

  await owner.reload();
  await expect(item.getByText("Waived", { exact: true }).first()).toBeVisible();
  await expect(item.getByText(/Marianne Voss accepted the risk until/).first()).toBeVisible();
  await expect(item.getByText("End it before its time")).toBeVisible();

  // As if its last day were over.
  const { databaseUrl } = JSON.parse(readFileSync(path.join(portal.dataDir, "run.json"), "utf8"));
  const db = new pg.Client({ connectionString: databaseUrl });
  await db.connect();
  const { rowCount } = await db.query("update waiver set expires_at = now() where reason = $1", [why]);
  await db.end();
  expect(rowCount).toBe(1);
  await owner.reload();
  await expect(item.getByText("Ran out").first()).toBeVisible();
  await expect(item.getByText("Fail", { exact: true }).first()).toBeVisible();
  await expect(item.getByText("End it before its time")).toHaveCount(0);
  await expect(item.getByText("Ask for a waiver", { exact: true }).first()).toBeVisible();
});

test("the map of the organisation opens the rows behind a cell, and the rows the model", async ({
  pageAs,
  accessible,
}) => {
  const page = await pageAs("Ingrid Solberg");
  await page.goto("/readiness");
  await page.getByRole("link", { name: "Items by unit" }).click();
  await expect(page).toHaveURL(/\/readiness\/map/);
  const cell = page.getByRole("link", { name: /^mon-1 in Retail banking: \d+ of \d+ met/ });
  const [, met = "0", all = "0"] = /: (\d+) of (\d+) met/.exec((await cell.getAttribute("aria-label")) ?? "") ?? [];
  expect(Number(all)).toBeGreaterThanOrEqual(Number(met));
  await accessible(page);
  await cell.click();
  await expect(page).toHaveURL(/\/readiness\/items\/mon-1\?unit=/);
  await expect(page.getByRole("table", { name: "Models and mon-1" }).getByRole("row")).toHaveCount(Number(all) + 1);
  await page.getByRole("table", { name: "Models and mon-1" }).getByRole("link").first().click();
  await expect(page).toHaveURL(/\/models\/.+\/readiness\?show=all&item=mon-1/);
  await expect(page.getByRole("heading", { name: "How to get it to pass" })).toBeVisible();
});

/** What systems report of eleven items that do not hold. */
const broken: Readonly<Record<string, unknown>> = {
  "slo.reporting": false,
  "monitoring.rate": false,
  "alerts.routed": false,
  "release.abort_rule": false,
  "artifact.signature_verified": false,
  "oncall.escalation": false,
  "security.open_critical_overdue": 2,
  "security.secrets_found": 1,
  "security.weights_encrypted": false,
  "data.gates_blocking": false,
  "cost.alert": false,
};

/** What systems report when all is well; the rest is true, now, or a word. */
const well: Readonly<Record<string, unknown>> = {
  "security.open_critical_overdue": 0,
  "security.secrets_found": 0,
  "data.parity_mismatch": 0.01,
  "data.parity_threshold": 0.05,
  "data.schema_training": "v4",
  "data.schema_serving": "v4",
  "artifact.format": "onnx",
  "eval.fairness_gap": 0.01,
  "cost.allocated_share": 0.95,
  "agent.tools_granted": ["search"],
  "agent.tools_allowed": ["search"],
  "run.params": { depth: "6" },
};
type FactKey = { key: string; type: string; about: string };
const good = ({ key, type }: FactKey): unknown =>
  well[key] ??
  { boolean: true, number: 60, instant: new Date().toISOString(), text: "as agreed", texts: ["as agreed"] }[type] ??
  {};

test("an owner takes a tier-1 model from twelve failing items to ready: systems report what facts decide, a word says the rest", async ({
  pageAs,
  accessible,
  api,
}) => {
  type Item = { id: string; required: boolean; state: string; check: string | null };
  const missing = async () => {
    const { items } = (await (await api.get(`models/${model}/readiness`)).json()) as { items: Item[] };
    return items.filter((i) => i.required && (i.state === "fail" || i.state === "unknown"));
  };
  const { items: catalogue } = (await (await api.get("facts/catalogue")).json()) as { items: FactKey[] };
  const { versions } = (await (await api.get(`models/${model}/versions`)).json()) as {
    versions: { version: string }[];
  };
  const push = async (facts: readonly { key: string; value: unknown }[]) => {
    const about = (key: string) => catalogue.find((k) => k.key === key)?.about;
    const sent = await api.post("facts", {
      data: {
        facts: facts.map(({ key, value }) => ({
          model,
          ...(about(key) === "model" ? {} : { version: versions[0]?.version }),
          key,
          value,
        })),
      },
    });
    expect(sent.status(), await sent.text()).toBe(201);
  };

  await push(Object.entries(broken).map(([key, value]) => ({ key, value })));
  const owner = await pageAs("Priya Raman");
  await say(owner, "run-1", "fail", `The runbook names a service that is gone (${marker}).`);
  const failing = (await missing()).filter((i) => i.state === "fail");
  expect(failing.length).toBeGreaterThanOrEqual(12);
  await owner.goto(`/models/${model}/readiness?show=fail`);
  await expect(owner.getByText(`${failing.length} fail`)).toBeVisible();
  await accessible(owner);

  const keys = new Set((await missing()).flatMap((i) => catalogue.filter((k) => i.check?.includes(k.key))));
  await push([...keys].map((k) => ({ key: k.key, value: good(k) })));
  for (const { id } of await missing())
    await say(owner, id, "pass", `Read it with the second team; it matches what runs (${marker}).`);
  expect((await missing()).map((i) => i.id)).toEqual([]);
  await owner.goto(`/models/${model}/readiness`);
  await owner.getByRole("button", { name: "Check again now" }).click();
  await expect(owner.getByText("Nothing left to do")).toBeVisible({ timeout: 30_000 });
});
