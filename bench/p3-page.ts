import { seedModels } from "./seed/models";
import { openChromium, signIn, type Visit, visit } from "./support/browser";
import { median, round, rounds } from "./support/load";
import { startBare, startPortal } from "./support/process";
import { report } from "./support/result";
import { withServer } from "./support/serve";

/**
 * P3: the inventory of 10,000 models, cold in Chromium on the production build, against a bare Next page of 50 rows served in the
 * same run; and the script it costs, compressed, on the list, the home page and the KPIs.
 */
await withServer(async (server) => {
  const { db, url: databaseUrl } = await server.make("p3");
  await seedModels(db, 10_000, 20);
  const cookie = await signIn(db);
  const portal = await startPortal({ demo: false, databaseUrl });
  const bare = await startBare();
  const browser = await openChromium();
  try {
    const address = portal.url.replace("127.0.0.1", "localhost");
    const list = () => visit(browser, `${address}/models`, cookie, 50);
    const reference = () => visit(browser, bare.url, null, 50);
    await list();
    await reference();
    const runs: { list: Visit; bare: Visit }[] = [];
    for (let i = 0; i < rounds; i++) runs.push({ list: await list(), bare: await reference() });
    const others: Record<string, Visit> = {};
    for (const page of ["/", "/kpis", "/models/model-000001"])
      others[page] = await visit(browser, `${address}${page}`, cookie, 0);
    const of = (figure: (run: (typeof runs)[number]) => number) => median(runs.map(figure));
    const kilobytes = (bytes: number) => Math.round(bytes / 1000);
    const most = Math.max(
      of((r) => r.list.scriptBytes),
      ...Object.values(others).map((v) => v.scriptBytes),
    );
    await report("p3-page", {
      sizes: { models: 10_000, versions: 200_000, rounds },
      headlines: [
        {
          id: "P3",
          what: "List page in Chromium, cold until usable, against a bare Next page of 50 rows",
          ours: `${Math.round(of((r) => r.list.ms))} ms`,
          reference: `${Math.round(of((r) => r.bare.ms))} ms`,
          figure: round(of((r) => r.list.ms / r.bare.ms)),
          target: { atMost: 2.5 },
        },
        {
          id: "P3",
          what: "Script of the heaviest page measured, compressed, in kB",
          ours: `${kilobytes(most)} kB (list ${kilobytes(of((r) => r.list.scriptBytes))} kB)`,
          reference: `${kilobytes(of((r) => r.bare.scriptBytes))} kB`,
          figure: kilobytes(most),
          target: { atMost: 345 },
        },
      ],
      detail: { runs, others },
    });
  } finally {
    await browser.close();
    await bare.stop();
    await portal.stop();
  }
});
process.exit(0);
