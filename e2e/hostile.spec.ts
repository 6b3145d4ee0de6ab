import { own } from "./deeds";
import { expect, test } from "./test";

test.use({ demo: true });

const record = (outcome: string) => `---
status: proposed
---

# Hostile text is shown, never run ${Date.now()}

## Context and Problem Statement

Somebody pastes what they found. <script>window.hostile = "script"</script>

<img src=x onerror="window.hostile = 'image'"> [a link](javascript:window.hostile='link') <iframe srcdoc="<script>parent.hostile='frame'</script>"></iframe>

## Considered Options

* Show it
* Run it

## Decision Outcome

Chosen option: "Show it", because nobody should run it.

${outcome}
`;

const hostileDiagram = `\`\`\`mermaid
flowchart LR
  a["<img src=x onerror=window.hostile='label'>"] --> b
  click a "javascript:window.hostile='click'"
  click b call window.alert()
\`\`\`

\`\`\`mermaid
%%{init: {"securityLevel": "loose", "themeCSS": "</style><script>window.hostile='theme'</script>"}}%%
flowchart LR
  c --> d
\`\`\`

\`\`\`mermaid
this is no diagram {{{
\`\`\``;

test("hostile HTML and Mermaid in a decision record do nothing, and a diagram that cannot be drawn says so", async ({
  pageAs,
}) => {
  const page = await pageAs("Priya Raman");
  const made = await page.request.post("/api/v1/decisions", { ...own, data: { content: record(hostileDiagram) } });
  expect(made.status(), await made.text()).toBe(201);
  const { ref } = await made.json();
  const dialogs: string[] = [];
  page.on("dialog", (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await page.goto(`/decisions/${ref}`);
  await expect(page.getByText("Somebody pastes what they found.")).toBeVisible();
  await expect(page.getByText(/could not be drawn|cannot be drawn/i).first()).toBeVisible({ timeout: 30_000 });
  await expect(page.locator("main iframe, main script, main [onerror], main a[href^='javascript:']")).toHaveCount(0);
  expect(await page.evaluate(() => "hostile" in window)).toBe(false);
  expect(dialogs).toEqual([]);
});
