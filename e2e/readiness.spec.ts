import { expect, test } from "./test";

test.setTimeout(180_000);

const marker = Date.now().toString(36);

test("a waiver is refused to the wrong person, accepted by the right one, counts, and is given back", async ({
  pageAs,
  accessible,
  api,
}) => {
  // A model of the owner's with an item that is missing and may be waived.
  const owner = await pageAs("Priya Raman");
  const found = await api.get("readiness/items/res-2?state=unknown&limit=200");
  const failing = await api.get("readiness/items/res-2?state=fail&limit=200");
  type Rows = { items: { model: string; owner: string | null; tier: number | null }[] };
  const rows = [...((await found.json()) as Rows).items, ...((await failing.json()) as Rows).items];
  const model =
    rows.find((r) => r.owner === "Priya Raman" && r.tier === 2)?.model ??
    rows.find((r) => r.owner === "Priya Raman")?.model;
  test.skip(!model, "The demo's owner has every restore test.");
  const place = `/models/${model}/readiness?show=all&item=res-2#res-2`;
  await owner.goto(place);
  await owner.getByText("Ask for a waiver", { exact: true }).first().click();
  await owner
    .getByLabel("Why it cannot hold now")
    .fill(`The restore environment is rebuilt until February (${marker}).`);
  await owner.getByLabel("How likely is harm meanwhile").selectOption("unlikely");
  await owner.getByLabel("How bad it would be, with what is done instead").selectOption("minor");
  await owner.getByLabel("Who is affected, and how").fill("Nobody outside the team, for a day at most.");
  await owner.getByLabel("What is done instead").fill("Nightly copies are read back and compared by hand.");
  await owner.getByLabel("How and when the item will hold").fill("The first restore test is booked for February.");
  await owner.getByLabel("Until").fill(new Date(Date.now() + 60 * 86_400_000).toISOString().slice(0, 10));
  await owner.getByRole("button", { name: "Ask for a waiver" }).click();
  await expect(owner.getByText(/^Asked\. Now /)).toBeVisible();
  await accessible(owner);

  const wrong = await pageAs("Noor Haddad");
  await wrong.goto(place);
  await expect(wrong.getByText(/This risk is for the head/)).toBeVisible();

  const right = await pageAs("Marianne Voss");
  await right.goto(place);
  await right.getByLabel("Reason", { exact: true }).fill("Small, watched by hand, and it ends in two months.");
  await right.getByRole("button", { name: "Decide", exact: true }).click();
  await expect(right.getByText("Decided.")).toBeVisible();
  await right.reload();
  await expect(right.getByText(/Marianne Voss accepted the risk until/).first()).toBeVisible();

  await owner.goto(place);
  await owner.getByText("End it before its time").first().click();
  await owner.getByLabel("Why it is not needed").fill("The environment is back already.");
  await owner.getByRole("button", { name: "End it", exact: true }).click();
  await expect(owner.getByText("Ended.", { exact: true })).toBeVisible();
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
type FactKey = { key: string; type: string; about: string; from: string };
const good = ({ key, type }: FactKey): unknown =>
  well[key] ??
  { boolean: true, number: 60, instant: new Date().toISOString(), text: "as agreed", texts: ["as agreed"] }[type] ??
  {};

test("an owner takes a tier-1 model from what is missing to ready: systems report what facts decide, a word says the rest", async ({
  pageAs,
  accessible,
  api,
}) => {
  type Item = { id: string; required: boolean; state: string; check: string | null; how: string };
  type View = { model: { tier: number }; items: Item[] };
  const read = async (name: string) => (await (await api.get(`models/${name}/readiness`)).json()) as View;
  const missingOf = (view: View) =>
    view.items.filter((i) => i.required && (i.state === "fail" || i.state === "unknown"));
  const { items: catalogue } = (await (await api.get("facts/catalogue")).json()) as { items: FactKey[] };
  const keysOf = (item: Item) => catalogue.filter((k) => item.check?.includes(k.key));
  const { items: worst } = (await (await api.get("readiness/models?tier=1&limit=200")).json()) as {
    items: { name: string; ownerName: string | null }[];
  };
  let model = "";
  let missing: Item[] = [];
  for (const { name } of worst.filter((m) => m.ownerName === "Priya Raman")) {
    const found = missingOf(await read(name));
    // What only people in the portal can settle (owner, tier, architecture) is not this test's.
    if (found.length <= missing.length || found.some((i) => keysOf(i).some((k) => k.from === "Countersign"))) continue;
    [model, missing] = [name, found];
  }
  expect(missing.length, "a tier-1 model of the demo's owner with something missing").toBeGreaterThan(0);

  const { items: versions } = (await (await api.get(`models/${model}/versions`)).json()) as {
    items: { version: string }[];
  };
  const keys = [...new Map(missing.flatMap(keysOf).map((k) => [k.key, k])).values()];
  if (keys.length > 0) {
    const pushed = await api.post("facts", {
      data: {
        facts: keys.map((k) => ({
          model,
          ...(k.about === "model" ? {} : { version: versions[0]?.version }),
          key: k.key,
          value: good(k),
        })),
      },
    });
    expect(pushed.status(), await pushed.text()).toBe(201);
  }

  const owner = await pageAs("Priya Raman");
  await owner.goto(`/models/${model}/readiness`);
  await accessible(owner);
  for (const item of missingOf(await read(model))) {
    await owner.goto(`/models/${model}/readiness?show=all&item=${item.id}#${item.id}`);
    await owner
      .getByLabel("What you looked at and what you found")
      .fill(`Read it with the second team; it matches what runs (${marker}).`);
    await owner.locator("input[name=evidenceUrl]").fill("https://wiki.halden.example/readiness");
    await owner.getByRole("button", { name: "Attest", exact: true }).click();
    await expect(owner.getByText("Attested.", { exact: true })).toBeVisible();
  }
  expect(missingOf(await read(model)).map((i) => i.id)).toEqual([]);
  await owner.goto(`/models/${model}/readiness`);
  await owner.getByRole("button", { name: "Check again now" }).click();
  await expect(owner.getByText("Nothing left to do")).toBeVisible();
});
