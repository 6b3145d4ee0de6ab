import { z } from "zod";
import { type Ask, type Load, load, median, once, round, rounds } from "./support/load";
import { startBare, startPortal } from "./support/process";
import { report } from "./support/result";

/**
 * P6: a gate check (token, policy, readiness, signed answer, log entry) on the production build with the demo organisation, against
 * a route of a bare Next application in the same run, at 1, 16 and 64 connections; an allow, and a deny. With BENCH_URL and
 * BENCH_TOKEN (rights gate:check, releases:read) against a portal that runs already, with GATE_CHECKS_PER_SECOND raised.
 */
const list = z.object({
  releases: z.array(
    z.object({ model: z.string(), version: z.string(), digest: z.string(), environment: z.string() }).loose(),
  ),
});

/** A question that the gate answers with allow, and one with deny. */
async function questions(url: string, headers: Record<string, string>): Promise<{ allow: Ask; deny: Ask }> {
  const found = new Map<number, Ask>();
  for (const filter of ["?status=allowed,released&limit=50", "?status=open&limit=50"]) {
    const response = await fetch(`${url}/api/v1/releases${filter}`, { headers });
    if (!response.ok) throw new Error(`${url} answers ${response.status}: ${await response.text()}`);
    for (const { model, version, digest, environment } of list.parse(await response.json()).releases) {
      const body = JSON.stringify({ model, version, digest, environment });
      const ask: Ask = { url: `${url}/api/v1/gate/check`, method: "POST", headers, body };
      const status = await once(ask);
      if (!found.has(status)) found.set(status, ask);
      if (found.has(200) && found.has(403)) break;
    }
  }
  const [allow, deny] = [found.get(200), found.get(403)];
  if (!allow || !deny) throw new Error(`The portal has no release that the gate ${allow ? "denies" : "allows"}.`);
  return { allow, deny };
}

type Round = { bare: Load; allow: Load; deny: Load };

const portal = process.env.BENCH_URL
  ? { url: process.env.BENCH_URL, token: process.env.BENCH_TOKEN ?? "", stop: async () => undefined }
  : await startPortal({ demo: true });
const bare = await startBare();
try {
  const headers = { authorization: `Bearer ${portal.token}`, "content-type": "application/json" };
  const { allow, deny } = await questions(portal.url, headers);
  const reference: Ask = { url: `${bare.url}/api/bare` };
  const denied = (status: number) => status === 403;
  const at = async (connections: number): Promise<Round> => ({
    bare: await load(connections, reference),
    allow: await load(connections, allow),
    deny: await load(connections, deny, denied),
  });
  await at(4);
  const all = new Map<number, Round[]>([
    [1, []],
    [16, []],
    [64, []],
  ]);
  for (let i = 0; i < rounds; i++) {
    for (const [connections, runs] of all) {
      const run = await at(connections);
      runs.push(run);
      console.log(
        `${i + 1}/${rounds} at ${connections}: bare ${run.bare.p50} ms ${run.bare.perSecond}/s; allow ${run.allow.p50} ms ${run.allow.perSecond}/s p99 ${run.allow.p99}; deny ${run.deny.p50} ms ${run.deny.perSecond}/s`,
      );
    }
  }
  const of = (connections: number, figure: (run: Round) => number) => median((all.get(connections) ?? []).map(figure));
  const errors = [...all.values()].flat().reduce((sum, run) => sum + run.allow.errors + run.deny.errors, 0);
  await report("p6-gate", {
    sizes: { rounds },
    headlines: [
      {
        id: "P6",
        what: "Gate check at 1 connection, p50 against a bare Next route",
        ours: `${of(1, (r) => r.allow.p50)} ms`,
        reference: `${of(1, (r) => r.bare.p50)} ms`,
        figure: round(of(1, (r) => r.allow.p50 / r.bare.p50)),
        target: { atMost: 3 },
      },
      {
        id: "P6",
        what: "Gate checks a second at 16 connections against a bare Next route",
        ours: `${of(16, (r) => r.allow.perSecond)}/s`,
        reference: `${of(16, (r) => r.bare.perSecond)}/s`,
        figure: round(of(16, (r) => r.allow.perSecond / r.bare.perSecond)),
        target: { atLeast: 0.5 },
      },
      {
        id: "P6",
        what: "Gate check at 16 connections, p99 in ms",
        ours: `${of(16, (r) => r.allow.p99)} ms`,
        reference: `${of(16, (r) => r.bare.p99)} ms`,
        figure: of(16, (r) => r.allow.p99),
        target: { atMost: 150 },
      },
      {
        id: "P6",
        what: "Errors, 64 connections included",
        ours: `${errors}`,
        reference: "0",
        figure: errors,
        target: { atMost: 0 },
      },
      {
        id: "P6",
        what: "A deny against an allow, p50 at 1 connection",
        ours: `${of(1, (r) => r.deny.p50)} ms`,
        reference: `${of(1, (r) => r.allow.p50)} ms`,
        figure: round(of(1, (r) => r.deny.p50 / r.allow.p50)),
        target: { atMost: 1.2 },
      },
    ],
    detail: Object.fromEntries(all),
  });
} finally {
  await bare.stop();
  await portal.stop();
}
