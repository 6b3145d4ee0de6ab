import type { Page } from "@playwright/test";
import { expect as quick, test } from "./test";

// Six screens follow one another, each a few seconds behind.
const expect = quick.configure({ timeout: 20_000 });

test.setTimeout(180_000);
test.use({ actionTimeout: 20_000 });

const title = "Assistant in the app";

/** The screen of someone in the room; it follows by itself. */
const form = (page: Page, label: string | RegExp) => page.getByRole("form", { name: label });

async function vote(page: Page, choice: string, reason = ""): Promise<void> {
  const own = form(page, "Your vote");
  await own.getByRole("radio", { name: choice, exact: true }).check();
  if (reason) await own.getByLabel("Reason").fill(reason);
  await own.getByRole("button", { name: /vote/ }).click();
  await expect(
    own
      .getByText("Vote recorded.")
      .or(own.getByRole("button", { name: "Change your vote" }))
      .first(),
  ).toBeVisible();
}

test("a whole meeting: five people in five browsers, one recused, one dissenting, one a delegate; minutes published", async ({
  pageAs,
  accessible,
}) => {
  const [chair, architect, security, privacy, risk] = await Promise.all([
    pageAs("Ingrid Solberg"),
    pageAs("Tomasz Wieczorek"),
    pageAs("Noor Haddad"),
    pageAs("Beatrix Lindqvist"),
    pageAs("Amara Okafor"),
  ]);

  // Model risk is away, and lends the seat.
  await risk.goto("/board");
  await risk.getByText("Name a delegate", { exact: true }).click();
  const lend = form(risk, "Name a delegate");
  await lend.getByLabel("Delegate").selectOption({ label: "Henrik Dahl, model owner" });
  const today = new Date();
  const day = (at: Date) => at.toISOString().slice(0, 10);
  await lend.getByLabel("Last day").fill(day(new Date(today.getTime() + 3 * 86_400_000)));
  await lend.getByLabel("Reason").fill("On leave");
  await lend.getByRole("button", { name: "Name the delegate" }).click();
  await expect(risk.getByText("Henrik Dahl for Amara Okafor").first()).toBeVisible();
  const delegate = await pageAs("Henrik Dahl");

  // The chair plans a meeting for a quarter of an hour ahead, with one review on the agenda and one thing besides.
  await chair.goto("/meetings/new");
  const plan = form(chair, "Plan one meeting");
  const soon = new Date(Date.now() + 15 * 60_000);
  await plan.getByLabel("Title").fill("Extra meeting");
  await plan.getByLabel("Day", { exact: true }).fill(day(soon));
  await plan.getByLabel("Local time").fill(soon.toISOString().slice(11, 16));
  await plan.getByLabel("Time zone").fill("UTC");
  await plan.getByRole("button", { name: "Plan the meeting" }).click();
  await expect(chair).toHaveURL(/\/meetings\/MTG-\d+$/);
  const here = new URL(chair.url()).pathname;
  const add = form(chair, "Add a review");
  const option = add.getByRole("option", { name: new RegExp(title) });
  const review = ((await option.getAttribute("value")) ?? "").trim();
  await add.getByLabel("Review").selectOption(review);
  await add.getByRole("button", { name: "Add the review" }).click();
  await expect(chair.getByRole("link", { name: title })).toBeVisible();
  await chair.getByText("Something else").click();
  await form(chair, "Add an item").getByLabel("What").fill("Naming of models");
  await form(chair, "Add an item").getByRole("button", { name: "Add the item" }).click();
  await expect(chair.locator(".ag > li")).toHaveCount(2);
  // The arrow keys put it first, and back.
  await chair.getByRole("button", { name: /^Move Naming of models: drag/ }).press("ArrowUp");
  await expect(chair.locator(".ag > li").first()).toContainText("Naming of models");
  await chair.getByRole("button", { name: "Move Naming of models down" }).click();
  await expect(chair.locator(".ag > li").first()).toContainText(title);

  // Everyone is in the room; the chair opens it, and every screen follows.
  const room = `${here}/live`;
  await Promise.all([chair, architect, security, privacy, delegate].map((p) => p.goto(room)));
  await form(chair, "Open the meeting").getByRole("button").click();
  for (const page of [architect, security, privacy, delegate]) {
    await form(page, "Join the meeting").getByRole("button").click();
    await expect(form(page, "Leave the meeting")).toBeVisible();
  }
  await expect(chair.getByText("Model risk, for Amara Okafor")).toBeVisible();
  await form(chair, `Turn to ${review}`).first().getByRole("button").click();
  await expect(delegate.getByRole("timer")).toBeVisible();
  await expect(chair.getByText("Quorum is in the room")).toBeVisible();
  await accessible(chair);

  // Privacy stands aside, in another tab, and is told to leave on this one.
  const aside = await privacy.context().newPage();
  await aside.goto(`/reviews/${review}`);
  await aside.getByText("Declare a conflict of interest").click();
  await aside.getByLabel("Reason").last().fill("My team supplies the help texts.");
  await aside.getByRole("button", { name: "Stand aside" }).click();
  await aside.getByRole("dialog").getByRole("button", { name: "Stand aside" }).click();
  await expect(privacy.getByText("You are recused from this review. Leave the room")).toBeVisible();
  await expect(chair.getByText("Beatrix Lindqvist is recused: they leave the room")).toBeVisible();
  await expect(form(privacy, "Your vote")).toHaveCount(0);

  await vote(architect, "Reject, dissent on record", "No fallback was shown for wrong answers.");
  await vote(security, "Approve with conditions");
  await vote(delegate, "Approve with conditions");
  await vote(chair, "Approve with conditions");
  await expect(chair.getByText("Model risk, for Amara Okafor").first()).toBeVisible();

  const notes = chair.getByLabel("Notes");
  await notes.fill("The fallback was discussed; the owner shows it before release.");
  await expect(chair.getByText("Saved", { exact: true })).toBeVisible();
  await expect(architect.getByLabel("Notes")).toHaveValue(/shows it before release/);

  const decision = chair.locator("#decision");
  await decision.getByRole("radio", { name: "With conditions" }).click();
  await decision.getByRole("button", { name: "Add a condition" }).click();
  await decision.getByLabel("Condition 1", { exact: true }).fill("Show the fallback for wrong answers.");
  await decision.getByLabel("Owner of condition 1").selectOption({ label: "Priya Raman" });
  await decision.getByLabel("Due date of condition 1").fill(day(new Date(today.getTime() + 40 * 86_400_000)));
  await decision.getByLabel("Reasons").fill("Useful, bounded, and reversible once the fallback is shown.");
  await decision.getByRole("button", { name: "Record decision" }).click();
  await expect(architect.getByText("Approved with conditions").first()).toBeVisible();

  await form(chair, "Turn to Naming of models").first().getByRole("button").click();
  await form(chair, "Close the meeting").getByRole("button").click();
  await chair.getByRole("dialog").getByRole("button", { name: "Close the meeting" }).click();
  await expect(chair).toHaveURL(/\/minutes$/);
  await chair.getByLabel("Summary").fill("One decision, with a condition.");
  await chair.getByRole("button", { name: "Save the draft" }).click();
  await expect(chair.getByText("Saved.")).toBeVisible();
  await accessible(chair);
  await form(chair, "Confirm and publish").getByRole("button").click();
  await chair.getByRole("dialog").getByRole("button", { name: "Confirm and publish" }).click();
  await expect(chair.getByText("and fixed with")).toBeVisible();

  await architect.goto(`${here}/minutes`);
  const record = architect.locator(".minutes");
  await expect(record).toContainText("Henrik Dahl, model risk, for Amara Okafor: approve with conditions");
  await expect(record).toContainText(
    "Tomasz Wieczorek, architecture: reject, dissent on record. “No fallback was shown",
  );
  // Noor Haddad said the same in the room as days before: her vote is older than the meeting, and marked so.
  await expect(record).toContainText("Noor Haddad, security: approve with conditions (before the meeting, on ");
  await expect(record).toContainText("Recused: Beatrix Lindqvist");
  await expect(record).toContainText("Decided: approved with conditions");
  await expect(record).toContainText("Show the fallback for wrong answers.");

  // The seat goes back, so that other tests find the board as it was.
  await risk.goto("/board");
  await form(risk, "Take the seat of Amara Okafor back").first().getByRole("button").click();
  await risk.getByRole("dialog").getByRole("button", { name: "Take back" }).click();
  await expect(risk.getByText("Sits now")).toHaveCount(0);
});
