import { expect, test } from "./test";

const model = "chargeback-win-odds";
let review = "";

test("a draft is filled in from what is known, saves itself, and says what is missing", async ({
  pageAs,
  accessible,
}) => {
  const owner = await pageAs("Priya Raman");
  await owner.goto(`/reviews/new?model=${model}`);
  await owner.getByLabel("Title").fill("Disputes, second look");
  await owner.getByRole("button", { name: "Begin the submission" }).click();
  await expect(owner).toHaveURL(/\/reviews\/REV-\d+/);
  review = owner.url().match(/REV-\d+/)?.[0] ?? "";
  await owner.goto(`/reviews/${review}`);

  // What the inventory says stands there with its source; typing takes the mark away, and nothing typed is replaced.
  const method = owner.locator("#method");
  await expect(method.getByText(/Filled from/)).toBeVisible();
  await method.getByRole("textbox").fill("Something that I know better");
  await expect(method.getByText(/Filled from/)).toBeHidden();
  await method.getByRole("button", { name: /^Add below from/ }).click();
  await expect(method.getByRole("textbox")).toHaveValue(/^Something that I know better\n\n./);

  await owner.getByRole("button", { name: "Add a risk" }).click();
  await owner.getByLabel("Risk, risk 1").fill("Disputes of a new kind");
  await expect(owner.getByRole("status").filter({ hasText: "All changes are saved" })).toBeVisible();
  await owner.getByText(/answers are missing/).click();
  await expect(owner.getByRole("link", { name: "Risks: risk 1 lacks owner and treatment." })).toBeVisible();

  await owner.locator("#attachments input").setInputFiles({
    name: "plan.txt",
    mimeType: "text/plain",
    buffer: Buffer.from(`Plan of ${review}.\n`),
  });
  await expect(owner.locator("#attachments").getByText(/sha256:[0-9a-f]{12}/)).toBeVisible();
  await expect(owner.getByRole("status").filter({ hasText: "All changes are saved" })).toBeVisible();
  await accessible(owner);
  await owner.reload();
  await expect(owner.getByLabel("Risk, risk 1")).toHaveValue("Disputes of a new kind");
  await expect(owner.locator("#attachments").getByText("plan.txt")).toBeVisible();
});

test("two people write at once: both stand, and who saved is said; without a network nothing typed is lost", async ({
  pageAs,
}) => {
  const one = await pageAs("Priya Raman");
  const two = await pageAs("Priya Raman");
  await one.goto(`/reviews/${review}`);
  await two.goto(`/reviews/${review}`);
  await two.locator("#oversight").getByRole("textbox").fill("The duty officer can stop it.");
  await expect(two.getByRole("status").filter({ hasText: "All changes are saved" })).toBeVisible();
  await one.locator("#retirement").getByRole("textbox").fill("It ends with the old core.");
  await expect(one.getByText(/Priya Raman saved this draft/)).toBeVisible();
  await expect(one.locator("#oversight").getByRole("textbox")).toHaveValue("The duty officer can stop it.");
  await expect(one.locator("#retirement").getByRole("textbox")).toHaveValue("It ends with the old core.");
  await expect(one.getByRole("status").filter({ hasText: "All changes are saved" })).toBeVisible();

  // The portal is read but takes nothing: a save that were still under way would race with the page that is loaded next.
  await one.route("**/reviews/**", (route) =>
    route.request().method() === "POST" ? route.abort("internetdisconnected") : route.continue(),
  );
  await one.locator("#rollback").getByRole("textbox").fill("Back within ten minutes.");
  await expect(one.getByText(/kept in this browser/)).toBeVisible();
  one.on("dialog", (dialog) => void dialog.accept());
  await one.reload();
  await expect(one.locator("#rollback").getByRole("textbox")).toHaveValue("Back within ten minutes.");
  await one.unroute("**/reviews/**");
  await expect(one.getByRole("status").filter({ hasText: "All changes are saved" })).toBeVisible();
});

test("advice is asked of a person, given in their words, and used; a change to an approved design is read as a difference", async ({
  pageAs,
  accessible,
}) => {
  const owner = await pageAs("Priya Raman");
  await owner.goto(`/reviews/${review}`);
  await owner.getByText("Ask for advice").click();
  await owner.getByLabel("Whom").selectOption({ label: "Noor Haddad" });
  await owner.getByLabel("What you want to know").fill("Is the scoring endpoint closed enough?");
  await owner.getByRole("button", { name: "Ask", exact: true }).click();
  await expect(owner.getByText("Has not answered.")).toBeVisible();

  const adviser = await pageAs("Noor Haddad");
  await adviser.goto(`/reviews/${review}`);
  await adviser.getByRole("textbox", { name: "Your advice" }).fill("Close the second port, then it is.");
  await adviser.getByRole("button", { name: "Give the advice" }).click();
  await expect(adviser.getByText("Close the second port, then it is.").first()).toBeVisible();

  await owner.goto(`/reviews/${review}`);
  await owner.getByText("Say what was done with it").click();
  await owner.getByLabel("What was done with it").fill("Closed on Monday.");
  await owner.locator("#advice-log").getByRole("button", { name: "Save" }).click();
  await expect(owner.getByText("Done: Closed on Monday.").first()).toBeVisible();

  await adviser.goto("/reviews?q=storefront-reader");
  await adviser.getByRole("link", { name: /, changed$/ }).click();
  await expect(adviser.getByRole("heading", { name: /^Against REV-\d+, as it was approved$/ })).toBeVisible();
  await expect(adviser.getByText("An answer within 60 minutes on 99 % of days")).toBeVisible();
  await accessible(adviser);
});
