import type { Page } from "@playwright/test";
import { expect, test } from "./test";

test.setTimeout(600_000);

/** Who looks at what: every area of the left column, and one page inside each. */
const walks: Readonly<Record<string, readonly string[]>> = {
  "Ingrid Solberg": [
    "/",
    "/notifications",
    "/notifications?kind=vote,sign",
    "/reviews",
    "/reviews/findings",
    "/reviews/registers",
    "/reviews/registers?register=exceptions&state=any",
    "/reviews/registers?register=risks",
    "/reviews/incidents",
    "/reviews/incidents/PIR-0001",
    "/reviews/measures",
    "/reviews/measures/first_pass",
    "/reviews/REV-0001",
    "/reviews/REV-0039",
    "/board",
    "/meetings",
    "/meetings/new",
    "/meetings/MTG-0001",
    "/meetings/MTG-0001/minutes",
    "/meetings/MTG-0002",
    "/meetings/MTG-0002/live",
    "/releases",
    "/releases/REL-0217",
    "/releases/freezes",
    "/releases/freezes?state=over",
    "/releases/break-glass",
    "/releases/break-glass?quarter=2020-Q1",
    "/releases/break-glass/BRK-0001",
    "/releases/break-glass/BRK-0002",
    "/releases/pipelines",
    "/releases/pipelines?with=kubernetes-admission&file=admission-policy.yaml",
    "/releases/policies/prod-release",
    "/releases/policies/staging-release",
    "/decisions",
    "/decisions/ADR-0001",
    "/decisions?view=timeline&q=latency",
    "/decisions/graph",
    "/patterns/batch-scoring-lakehouse/edit",
    "/guidance/naming/revisions",
    "/guidance/naming",
    "/decisions/sources",
    "/kpis",
    "/kpis/2",
  ],
  "Priya Raman": [
    "/models",
    "/campaigns",
    "/campaigns/CMP-0001",
    "/reconciliation",
    "/reconciliation?kind=duplicate",
    "/models/card-fraud-score",
    "/portfolio/use-cases/new",
    "/portfolio/assets/new",
    "/models/import",
    "/models/card-fraud-score/edit",
    "/models/card-fraud-score?asof=2026-09-01",
    "/portfolio/use-cases/UC-0001/edit",
    "/portfolio/use-cases/UC-0001/pattern",
    "/models/card-fraud-score/readiness",
    "/models/card-fraud-score/risk",
    "/models/card-fraud-score/facts",
    "/vocabulary/facts?q=slo",
    "/models/card-fraud-score/facts?key=slo.count",
    "/patterns",
    "/patterns/online-inference-kubernetes",
    "/patterns?kind=platform&q=kafka",
    "/patterns/adoption",
    "/patterns/adoption?drift=behind",
    "/patterns/gaps",
    "/models/card-fraud-score/pattern",
    "/guidance",
    "/guidance/drift",
    "/guidance/target-state",
    "/guidance/evaluations",
    "/guidance/backlog",
    "/guidance/office-hours",
    "/guidance/backlog?kind=capability",
    "/guidance/backlog/DEB-0001",
    "/guidance/evaluations/EVA-0001",
    "/guidance/courses",
    "/guidance/courses/model-owners",
    "/guidance/templates",
    "/guidance/templates/batch-scoring?file=scoring/run.py",
    "/readiness",
    "/readiness/map",
    "/readiness/items/mon-1",
    "/readiness/maturity",
    "/readiness/maturity/Payment%20risk",
    "/decisions/new?template=model-choice",
    "/reviews/new",
    "/account/keys",
    "/account/notifications",
  ],
  "Agnes Thorne": [
    "/portfolio",
    "/portfolio/use-cases",
    "/portfolio/calibration",
    "/portfolio/use-cases/UC-0001",
    "/portfolio/assets",
    "/models?asof=2026-09-01",
    "/admin/units/cards",
    "/lineage",
    "/lineage?model=card-fraud-score",
    "/evidence",
    "/log",
    "/log/100",
  ],
  "Elin Brandt": [
    "/admin",
    "/admin/connections",
    "/admin/connections/source",
    "/admin/people",
    "/admin/rights",
    "/admin/tokens",
    "/admin/units",
    "/admin/calendars",
    "/admin/health",
    "/admin/chat",
  ],
};

const looks = [
  { width: 1440, colorScheme: "light" },
  { width: 390, colorScheme: "dark" },
] as const;

for (const [person, paths] of Object.entries(walks)) {
  test(`the pages of ${person} are sound at 1440 light and 390 dark`, async ({ pageAs, accessible }) => {
    // Both at once: while one page is drawn, the other is judged.
    const faults = await Promise.all(
      looks.map(async ({ width, colorScheme }) => {
        const page = await pageAs(person);
        const heard = listen(page);
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        for (const path of paths) {
          const response = await page.goto(path);
          expect(response?.status(), path).toBe(200);
          await expect(page.getByRole("heading", { level: 1 }).first(), path).toBeVisible();
          await accessible(page);
          const sideways = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          expect(sideways, `${path} scrolls sideways at ${width}`).toBeLessThanOrEqual(0);
        }
        return heard;
      }),
    );
    expect(faults.flat()).toEqual([]);
  });
}

/** What the browser complains about: hydration that does not match, refused scripts and styles, uncaught errors. */
function listen(page: Page): string[] {
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(`${page.url()}: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(`${page.url()}: ${message.text()}`);
  });
  return faults;
}
