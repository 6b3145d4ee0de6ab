import { createHash, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import { parse } from "yaml";
import { expect as soon, test } from "./test";

test.setTimeout(120_000);

// A form that writes, and the page that shows what was written, on a busy machine.
const expect = soon.configure({ timeout: 30_000 });

const marker = Date.now().toString(36);

test("an evaluation is filled in, an option renamed and another taken out, and concluded on a phone", async ({
  pageAs,
  accessible,
}) => {
  const page = await pageAs("Tomasz Wieczorek");
  await page.goto("/guidance/evaluations");
  await page.getByLabel("Title").fill(`Labelling of claims ${marker}`);
  await page.getByLabel("The need").fill("Claims need labels for two languages before the summer of 2027.");
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await expect(page).toHaveURL(/EVA-\d+$/);

  const fold = (name: string | RegExp) => page.locator("details", { has: page.locator("summary", { hasText: name }) });
  const open = async (name: string) => {
    const one = fold(name);
    if ((await one.getAttribute("open")) === null) await one.locator("summary").click();
    return one;
  };
  for (const name of ["People of ours", "An agency", "A vendor"]) {
    const add = await open("Add an option");
    await add.getByLabel("Name").fill(name);
    await add.getByLabel("Kind").selectOption({ index: 1 });
    await add.getByRole("button", { name: "Add" }).click();
    await expect(page.getByText(`Score ${name}`)).toBeVisible();
  }
  const change = await open("Rename or take out An agency");
  await change.getByLabel("Name").fill("An agency in Oslo");
  await change.getByRole("button", { name: "Change" }).click();
  await expect(page.getByText("Score An agency in Oslo")).toBeVisible();
  const out = await open("Rename or take out A vendor");
  await out.getByLabel("Why it is no option any more").fill("It left the market in spring.");
  await out.getByRole("button", { name: "Take it out" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Take it out" }).click();
  await expect(page.getByText("Score A vendor")).toHaveCount(0);

  for (const [name, points] of [
    ["People of ours", "4"],
    ["An agency in Oslo", "2"],
  ] as const) {
    const form = await open(`Score ${name}`);
    for (const select of await form.locator("select").all()) await select.selectOption(points);
    for (const why of await form.locator("input[type=text], input:not([type])").all())
      await why.fill("Tried on two hundred claims.");
    await form.getByRole("button", { name: "Keep the scores" }).click();
    await expect(form.getByText("Kept.")).toBeVisible();
  }
  await expect(page.getByText("People of ours leads.")).toBeVisible();

  await page.setViewportSize({ width: 390, height: 844 });
  await accessible(page);
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(sideways).toBeLessThanOrEqual(0);
  const conclude = page.getByRole("form", { name: "Conclude the evaluation" });
  await conclude.getByLabel("Chosen").selectOption({ label: "People of ours" });
  await conclude.getByLabel("Why").fill("Two languages, and the knowledge stays with us.");
  await conclude.getByRole("button", { name: "Conclude" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Conclude" }).click();
  await expect(page.getByRole("heading", { name: "Chosen: People of ours" })).toBeVisible();
  await expect(page.getByText("Rename or take out")).toHaveCount(0);
});

test("a wrong answer names its lesson and completes nothing; the right ones complete the course", async ({ pageAs }, {
  retry,
}) => {
  const id = "ml-architects";
  const front = /^---\n([\s\S]*?)\n---/.exec(readFileSync(`content/courses/${id}/v1.md`, "utf8"))?.[1] ?? "";
  const { questions } = parse(front) as { questions: { text: string; options: string[]; answer: number }[] };
  // Whoever completed it in an attempt before this one is not asked again.
  const page = await pageAs(retry === 0 ? "Noor Haddad" : "Amara Okafor");
  await page.goto(`/guidance/courses/${id}`);
  const answer = async (text: string, option: string) =>
    page.getByRole("group", { name: text }).getByLabel(option, { exact: true }).check();
  for (const [i, q] of questions.entries())
    await answer(q.text, q.options[i === 0 ? (q.answer + 1) % q.options.length : q.answer] ?? "");
  await page.getByRole("button", { name: "Answer" }).click();
  await expect(page.getByRole("form", { name: "Questions of the course" })).toContainText(/Read “.+” again\./);
  await expect(page.getByText("You completed version 1")).toHaveCount(0);
  for (const q of questions) await answer(q.text, q.options[q.answer] ?? "");
  await page.getByRole("button", { name: "Answer" }).click();
  await expect(page.getByText("You completed version 1")).toBeVisible();
});

test("an own revision over a shipped text that has moved on: the merge marks the conflict, refuses it unresolved, and is saved", async ({
  pageAs,
  portal,
  accessible,
}) => {
  const id = "rag-assistant-guardrails";
  const base = readFileSync(`content/patterns/${id}/v1.md`, "utf8");
  const platforms = "platforms: [databricks, azure_ml, vertex_ai, sagemaker, on_prem, other]";
  expect(base, "version 2 changes this line too, which makes the conflict").toContain(platforms);
  const own = base
    .replace(platforms, "platforms: [databricks, azure_ml]")
    .replace(/^# .*$/m, `# Assistants as we build them ${marker}`);
  const { databaseUrl } = JSON.parse(readFileSync(path.join(portal.dataDir, "run.json"), "utf8"));
  const db = new pg.Client({ connectionString: databaseUrl });
  await db.connect();
  // What an attempt before this one left, should it have failed half-way.
  await db.query(
    "update content_revision set ended_at = now() where kind = 'pattern' and content_id = $1 and ended_at is null",
    [id],
  );
  // As it was left by an organisation that revised version 1 before version 2 was shipped.
  await db.query(
    `insert into content_revision (id, kind, content_id, version, revision, digest, content, base_digest, base, reason, author_id, created_at)
     select $1, 'pattern', $2, 1, 1 + (select count(*) from content_revision where kind = 'pattern' and content_id = $2), $3, $4, $5, $6,
       'Our assistants answer in Norwegian.', id, now() from person where name = 'Tomasz Wieczorek'`,
    [randomUUID(), id, digest(own), Buffer.from(own), digest(base), Buffer.from(base)],
  );
  await db.end();
  const page = await pageAs("Tomasz Wieczorek");
  await page.goto(`/patterns/${id}`);
  await expect(page.getByText("Upstream change.")).toBeVisible();
  const merge = await page.getByRole("link", { name: "See the merge" }).getAttribute("href");
  await page.goto(merge ?? "");
  const text = page.getByLabel("Text", { exact: true });
  await expect(text).toHaveValue(/<{7} /);
  await accessible(page);
  await page.getByLabel("Why you change it").fill("Takes in what version 2 learnt.");
  await page.getByRole("button", { name: "Save the merge" }).click();
  await expect(page.getByText(/Resolve the conflict at line \d+/).first()).toBeVisible();
  const marked = await text.inputValue();
  await text.fill(
    marked
      .replaceAll(/<{7} .*\n([\s\S]*?)\|{7} .*\n[\s\S]*?={7}\n[\s\S]*?>{7} .*\n?/g, "$1")
      .replace(/^version: .*$/m, "version: 2"),
  );
  await page.getByRole("button", { name: "Save the merge" }).click();
  await expect(page).toHaveURL(new RegExp(`/patterns/${id}$`));
  await expect(page.getByText("Takes in what version 2 learnt.")).toBeVisible();
  await expect(page.getByText("Upstream change.")).toHaveCount(0);
  // Other tests read the shipped text.
  await page.getByRole("link", { name: "What differs" }).click();
  await page.getByLabel("Why", { exact: true }).fill("Said in the handbook now.");
  await page.getByRole("button", { name: "Go back to version 2" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Go back" }).click();
  await expect(page).toHaveURL(new RegExp(`/patterns/${id}$`));
});

test("a picture is dropped into a record, shown in the preview and on the page; what is none is refused beside the text", async ({
  pageAs,
  accessible,
}) => {
  const page = await pageAs("Priya Raman");
  await page.goto("/decisions/new");
  const title = `Draw it ${marker}`;
  const record = page.getByLabel("Record");
  await record.fill(`# ${title}\n\n## Context and Problem Statement\n\nSee below.\n\n`);
  await page
    .getByLabel("Picture")
    .setInputFiles({ name: "page.png", mimeType: "image/png", buffer: Buffer.from("<svg onload='1'>") });
  await expect(page.getByText("This is no PNG, JPEG, WebP or GIF picture")).toBeVisible();
  await record.press("Control+End");
  const drop = await page.evaluateHandle(
    (bytes) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(bytes)], "the_flow-of_scores.png", { type: "image/png" }));
      return data;
    },
    [...png],
  );
  await record.dispatchEvent("drop", { dataTransfer: drop });
  await expect(record).toHaveValue(/!\[the flow of scores\]\(\/api\/v1\/images\/[0-9a-f]{64}\)/);
  const preview = page.getByRole("region", { name: "Preview" });
  await expect(preview.getByRole("img", { name: "the flow of scores" })).toBeVisible();
  await record.press("Control+End");
  await record.pressSequentially("\n\n![elsewhere](https://example.com/x.png)\n\n## Decision Outcome\n\nDraw it.\n");
  await page.getByRole("button", { name: "Propose" }).click();
  await expect(page).toHaveURL(/\/decisions\/ADR-\d+$/, { timeout: 30_000 });
  const picture = page.getByRole("img", { name: "the flow of scores" });
  await expect(picture).toBeVisible();
  expect(await picture.evaluate((img) => img instanceof HTMLImageElement && img.naturalWidth)).toBe(3);
  await expect(page.getByText("1 picture not shown")).toBeVisible();
  await accessible(page);
});

const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAEElEQVR4nGP4z8AAQQxwFgBB0gX7h/C5SAAAAABJRU5ErkJggg==",
  "base64",
);

const digest = (text: string): string => createHash("sha256").update(text).digest("hex");

test("a pattern goes to paper without its surroundings, with every diagram drawn in ink", async ({ pageAs }) => {
  const page = await pageAs("Tomasz Wieczorek");
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto("/patterns/retrieval-and-ranking");
  await page.evaluate(() => {
    window.print = () => document.body.setAttribute("data-printed", "");
  });
  await page.getByRole("button", { name: "Print" }).click();
  await expect(page.locator("body[data-printed]")).toBeAttached();
  await page.emulateMedia({ media: "print" });
  const diagrams = page.locator("figure.diagram");
  expect(await diagrams.count()).toBeGreaterThanOrEqual(2);
  await expect(diagrams.locator("img:visible")).toHaveCount(await diagrams.count());
  await expect(page.getByRole("navigation", { name: "Areas" })).toBeHidden();
  await expect(page.getByRole("complementary")).toBeHidden();
  await expect(page.locator("main form:visible")).toHaveCount(0);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
});
