import type { Page } from "@playwright/test";
import { fullSubmission } from "@/lib/testing/full-submission";
import { own } from "./deeds";
import { expect, test } from "./test";

test.use({ demo: true });

const suffix = Date.now().toString(36);

/** Sends as the person who is signed in on a page. */
async function send<T>(page: Page, method: "POST" | "PUT", path: string, data: object): Promise<T> {
  const answer = await page.request.fetch(`/api/v1/${path}`, { ...own, method, data });
  expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true);
  return answer.json();
}

type Item = { id: string; required: boolean; state: string };

/** A model of the least tier that follows a pattern to the letter, with every required item said to hold. */
async function readyModel(owner: Page, name: string): Promise<string> {
  await send(owner, "POST", "models", {
    name,
    kind: "classical",
    servingType: "batch",
    platform: "mlflow",
    businessUnit: "cards",
    backupOwner: "emre.aydin@halden.example",
    team: "Payment risk",
  });
  await send(owner, "POST", `models/${name}/risk`, {
    answers: Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`Q${i + 1}`, 0])),
    legalClass: "minimal",
  });
  await send(owner, "POST", `models/${name}/pattern`, { pattern: "batch-scoring-lakehouse" });
  const { items } = (await (await owner.request.get(`/api/v1/models/${name}/readiness`, own)).json()) as {
    items: Item[];
  };
  const required = items.filter((i) => i.required);
  const missing = required.filter((i) => i.state === "fail" || i.state === "unknown").map((i) => i.id);
  if (missing.length > 0)
    await send(owner, "POST", `models/${name}/attestations`, {
      items: missing,
      outcome: "pass",
      statement: "Read it with the second team; it matches what runs.",
      evidenceUrl: "https://wiki.halden.example/readiness",
    });
  return required[0]?.id ?? "";
}

/** The same submission but for `more`, about a model of its own; answers with its reference and the lane that triage chose. */
async function submitted(owner: Page, name: string, more: Parameters<typeof fullSubmission>[0]) {
  const { ref } = await send<{ ref: string }>(owner, "POST", "reviews", {
    model: name,
    title: `Monthly limits, ${name}`,
    submission: fullSubmission({ system: `Limits ${suffix}`, ...more }),
  });
  return send<{ ref: string; lane: string }>(owner, "POST", `reviews/${ref}/submit`, {});
}

/** A vote in the form on the page, as a member of the board casts it. */
async function vote(page: Page, ref: string, choice: string): Promise<void> {
  await page.goto(`/reviews/${ref}`);
  await page.locator("#vote").getByLabel(choice, { exact: true }).check();
  await page.getByRole("button", { name: "Cast your vote" }).click();
  await expect(page.getByRole("button", { name: "Change your vote" })).toBeVisible();
}

const deviation = { what: "Scores leave by a file.", why: "The ledger reads files only.", adr: "ADR-0001" };

test("the same submission goes through each lane by the roles concerned, and the report prints", async ({
  pageAs,
  accessible,
}, info) => {
  const owner = await pageAs("Priya Raman");
  const names = ["self", "fast", "board", "urgent"].map((lane) => `lane-${lane}-${suffix}`);
  const [self = "", fast = "", full = "", urgent = ""] = names;
  let control = "";
  for (const name of names) control = await readyModel(owner, name);

  // Self-service: nobody votes, the portal decides by its rules and says so.
  const one = await submitted(owner, self, {});
  expect(one.lane).toBe("self_service");
  await expect(async () => {
    await owner.goto(`/reviews/${one.ref}`);
    await expect(owner.getByText("By rule, signed by the portal")).toBeVisible({ timeout: 1000 });
  }).toPass();

  // Fast track, for one bounded deviation: one of the domain and one of security.
  const two = await submitted(owner, fast, { deviations: [deviation] });
  expect(two.lane).toBe("fast_track");
  const [security, architect, chair] = [
    await pageAs("Noor Haddad"),
    await pageAs("Tomasz Wieczorek"),
    await pageAs("Ingrid Solberg"),
  ];
  await vote(security, two.ref, "Approve");
  await send(architect, "PUT", `reviews/${two.ref}/vote`, { round: 1, choice: "approve" });
  await chair.goto(`/reviews/${two.ref}`);
  await chair.getByRole("radiogroup", { name: "Outcome" }).getByRole("radio", { name: "Approve" }).click();
  await chair.getByLabel("Reasons").fill("One file, written by the job itself and checked by the ledger.");
  await chair.getByRole("button", { name: "Record decision" }).click();
  await expect(chair.getByText("Approved", { exact: true }).first()).toBeVisible();

  // The full board, for the same deviation from a control that is mandatory; a dissent and a condition on record.
  const three = await submitted(owner, full, { deviations: [{ ...deviation, control }] });
  expect(three.lane).toBe("full_board");
  await owner.goto(`/reviews/${three.ref}`);
  await expect(owner.getByText(`departs from the mandatory control ${control}`).first()).toBeVisible();
  const privacy = await pageAs("Beatrix Lindqvist");
  const cast = (page: Page, choice: string, reason = "") =>
    send(page, "PUT", `reviews/${three.ref}/vote`, { round: 1, choice, reason });
  await cast(security, "approve_with_conditions", "Sign the file.");
  await cast(architect, "approve");
  await cast(privacy, "reject", "Files are copied, and nobody knows where to.");
  await vote(chair, three.ref, "Approve");
  await send(chair, "POST", `reviews/${three.ref}/decision`, {
    round: 1,
    outcome: "approved_with_conditions",
    rationale: "The file is a step on the way; it is signed until the ledger reads tables.",
    conditions: [
      { text: "Sign the file and verify it at the ledger.", owner: "priya.raman@halden.example", dueOn: "2031-01-31" },
    ],
  });

  // An emergency: any two people, within the hour; others look at it again.
  const four = await submitted(owner, urgent, { emergency: true, emergencyReason: "INC-0042 is active." });
  expect(four.lane).toBe("emergency");
  await send(security, "PUT", `reviews/${four.ref}/vote`, { round: 1, choice: "approve" });
  await send(architect, "PUT", `reviews/${four.ref}/vote`, { round: 1, choice: "approve" });
  await send(chair, "POST", `reviews/${four.ref}/decision`, {
    round: 1,
    outcome: "approved",
    rationale: "It ends the incident, and it can be taken back at once.",
  });
  await privacy.goto(`/reviews/${four.ref}`);
  await expect(privacy.getByText("Emergency", { exact: true }).first()).toBeVisible();
  await expect(privacy.locator("#look")).toBeVisible();

  // What the auditor prints.
  await owner.goto(`/reviews/${three.ref}/report`);
  await expect(owner.getByText("Sign the file and verify it at the ledger.").first()).toBeVisible();
  await accessible(owner);
  const pdf = await owner.pdf({ path: info.outputPath("report.pdf"), format: "A4" });
  const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  expect(pages).toBeGreaterThanOrEqual(2);
  expect(pages).toBeLessThanOrEqual(8);
  // The words as they are laid out for paper: what is hidden there is not among them.
  await owner.emulateMedia({ media: "print" });
  const text = await owner.locator("body").innerText();
  for (const words of [
    three.ref,
    full,
    "Approved with conditions",
    "The file is a step on the way",
    "Files are copied, and nobody knows where to.",
    "mandatory control",
    "Scores leave by a file.",
    "What we ask",
    "sha256:",
  ])
    expect(text.replace(/\s+/g, " ")).toContain(words);
  // No button, no menu.
  for (const words of ["Print", "Ask for a review", "Sign out"]) expect(text).not.toContain(words);
});
