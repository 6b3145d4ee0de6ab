import { people } from "@/db/schema/org";
import type { Actor } from "@/lib/core/actor";
import { newId } from "@/lib/core/ids";
import { proposeAdr } from "@/lib/decisions/write";
import { openChromium, signIn } from "./support/browser";
import { median, round, rounds } from "./support/load";
import { startPortal } from "./support/process";
import { report } from "./support/result";
import { withServer } from "./support/serve";

/**
 * A decision record with 40 diagrams, cold in Chromium on the production build: the first paint with content, and when the first diagram
 * is drawn and all forty are, the page scrolled from its head to its foot.
 */
const count = 40;
const content = `# Forty diagrams\n\n## Decision Outcome\n\n${Array.from(
  { length: count },
  (_, i) =>
    `### Part ${i}\n\nWhat part ${i} takes from the one before it and gives to the next.\n\n\`\`\`mermaid\nflowchart LR\n  a${i}[Till ${i}] --> b${i}[Score] --> c${i}[Answer]\n  b${i} --> d${i}[Log]\n\`\`\`\n`,
).join("\n")}`;

await withServer(async (server) => {
  const { db, url: databaseUrl } = await server.make("diagrams");
  const cookie = await signIn(db);
  const actor: Actor = {
    kind: "person",
    id: newId(),
    name: "Bench",
    grants: [{ role: "architect", units: null }],
    scopes: null,
  };
  await db.insert(people).values({ id: actor.id, name: actor.name, email: "bench@example.com", createdAt: new Date() });
  const { ref } = await proposeAdr({ db, actor, now: () => new Date(), requestId: "bench" }, { content });
  const portal = await startPortal({ demo: false, databaseUrl });
  const browser = await openChromium();
  try {
    const address = `${portal.url.replace("127.0.0.1", "localhost")}/decisions/${ref}`;
    const visit = async () => {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
      try {
        await context.addCookies([{ name: "authjs.session-token", value: cookie, url: address }]);
        const page = await context.newPage();
        await page.goto(address, { waitUntil: "load" });
        const drawn = page.locator("main figure.diagram img");
        await drawn.first().waitFor();
        const first = await page.evaluate(() => performance.now());
        for (let seen = await drawn.count(); seen < count; seen = await drawn.count()) {
          await page.mouse.wheel(0, 800);
          await page.evaluate(() => new Promise((drawnNext) => requestAnimationFrame(drawnNext)));
        }
        const all = await page.evaluate(() => performance.now());
        const paint = await page.evaluate(
          () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? null,
        );
        if (paint === null) throw new Error("The page was never painted.");
        return { paint, first, all };
      } finally {
        await context.close();
      }
    };
    await visit();
    const runs: Awaited<ReturnType<typeof visit>>[] = [];
    for (let i = 0; i < rounds; i++) runs.push(await visit());
    const of = (figure: (run: (typeof runs)[number]) => number) => Math.round(median(runs.map(figure)));
    const line = (what: string, ms: number, atMost: number) => ({
      id: "P11",
      what,
      ours: `${ms} ms`,
      reference: "-",
      figure: round(ms),
      target: { atMost },
    });
    await report("diagrams", {
      sizes: { diagrams: count, rounds },
      headlines: [
        line(
          "A record with 40 diagrams in Chromium, cold: first paint, in ms",
          of((r) => r.paint),
          1000,
        ),
        line(
          "The same: first diagram drawn, in ms",
          of((r) => r.first),
          3000,
        ),
        line(
          "The same: all drawn, scrolled through, in ms",
          of((r) => r.all),
          10_000,
        ),
      ],
      detail: { runs },
    });
  } finally {
    await browser.close();
    await portal.stop();
  }
});
process.exit(0);
