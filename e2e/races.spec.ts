import type { Locator, Page } from "@playwright/test";
import { enrol, entries, openRelease, own, pointAt, signingLink } from "./deeds";
import { withPasskey } from "./passkey";
import { expect, test } from "./test";

test.use({ demo: true });

/** Presses both buttons at once and says for each whether it `won`, once both pages show what came of it. */
async function race(
  sides: readonly [Side, Side],
): Promise<{ winners: readonly boolean[]; refusals: readonly string[] }> {
  await Promise.all(sides.map((side) => side.button.click()));
  for (const { won, lost } of sides)
    await expect(won.or(lost).filter({ visible: true }).first()).toBeVisible({ timeout: 30_000 });
  const winners = await Promise.all(sides.map((side) => side.won.isVisible()));
  const losers = sides.filter((_, i) => !winners[i]);
  return { winners, refusals: await Promise.all(losers.map(async (side) => (await side.lost.textContent()) ?? "")) };
}
type Side = { button: Locator; won: Locator; lost: Locator };

test("of two decisions on one review, sent at once from two browsers, exactly one is recorded", async ({
  pageAs,
  otherDevice,
  api,
}) => {
  test.setTimeout(180_000);
  const pages = [await pageAs("Ingrid Solberg"), await pageAs("Ingrid Solberg", otherDevice)] as const;
  const listed = await (await api.get("reviews?view=open&status=in_review&limit=50")).json();
  const until = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
  const fill = async (page: Page, ref: string, reasons: string): Promise<Side | null> => {
    await page.goto(`/reviews/${ref}`);
    const button = page.getByRole("button", { name: "Record decision" });
    await button.waitFor();
    const defer = page.getByRole("radio", { name: "Defer", exact: true });
    if ((await defer.count()) === 0) return null;
    await defer.click();
    await page.getByLabel("What is missing must be there by").fill(until);
    await page.getByLabel("Reasons").fill(reasons);
    if ((await button.getAttribute("aria-disabled")) === "true") return null;
    return {
      button,
      won: page.getByRole("paragraph").filter({ hasText: reasons }),
      lost: page.getByRole("alert").filter({ hasText: /\w/ }),
    };
  };
  let rounds = 0;
  for (const { ref } of listed.items as { ref: string }[]) {
    const first = await fill(pages[0], ref, "The data sheet of the new source is missing; come back with it.");
    const second = await fill(pages[1], ref, "The runbook is missing, and so is the name of who is on call.");
    if (!first || !second) continue;
    const before = await entries(api, "review.decision.recorded", ref);
    const { winners, refusals } = await race(rounds % 2 === 0 ? [first, second] : [second, first]);
    expect(winners.filter(Boolean), `${ref}: ${refusals}`).toHaveLength(1);
    expect(refusals[0]).toMatch(/first|already|moment ago|same time|deferred/i);
    expect(await entries(api, "review.decision.recorded", ref)).toBe(before + 1);
    rounds += 1;
    if (rounds === 3) break;
  }
  expect(rounds, "the demo has reviews that the chair can defer").toBe(3);
});

test("of two signatures of one person, given at once on two devices, exactly one counts", async ({
  pageAs,
  otherDevice,
  api,
  portal,
}) => {
  test.setTimeout(240_000);
  const { ref } = await openRelease(api, "claims-triage");
  const laptop = await pageAs("Ingrid Solberg");
  const tablet = await pageAs("Ingrid Solberg", otherDevice);
  const passkey = await withPasskey(laptop);
  await enrol(laptop, `Synced passkey ${Date.now()}`);
  await passkey.syncTo(tablet);
  const signs = async (page: Page, link: string): Promise<Side> => {
    await page.goto(link);
    await pointAt(page.locator("#go"));
    return {
      button: page.locator("#go"),
      won: page.locator("#done"),
      lost: page.locator("#error-text").or(page.locator("#fail-text")).filter({ visible: true }),
    };
  };
  const takeBack = () =>
    laptop.request.post(`${portal.address}/api/v1/releases/${ref}/approvals/revoke`, {
      ...own,
      data: { reason: "Taken back so that the next round can be signed." },
    });
  await takeBack();
  for (const links of ["two links", "one link opened twice", "two links", "one link opened twice"]) {
    await test.step(links, async () => {
      const before = await entries(api, "approval.completed", ref);
      const first = await signingLink(laptop, portal, ref);
      const second = links === "two links" ? await signingLink(tablet, portal, ref) : first;
      const { winners, refusals } = await race([await signs(laptop, first), await signs(tablet, second)]);
      expect(winners.filter(Boolean), String(refusals)).toHaveLength(1);
      expect(refusals[0]).toMatch(/already|moment ago|same time/);
      expect(await entries(api, "approval.completed", ref)).toBe(before + 1);
      expect((await takeBack()).status()).toBe(200);
    });
  }
});
