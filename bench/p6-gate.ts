import { z } from "zod";

/**
 * P6 of the performance targets: a gate check (token, policy, readiness, signed answer, log entry) against a bare route of the same
 * server in the same run, at 1, 16 and 64 connections. Needs a running portal: BENCH_URL, BENCH_TOKEN (right gate:check and
 * releases:read); asks about the first release it finds, allowed ones first.
 */
const url = process.env.BENCH_URL ?? "http://localhost:3000";
const token = process.env.BENCH_TOKEN ?? "";
const seconds = Number(process.env.BENCH_SECONDS ?? 5);
const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };

const list = z.object({
  releases: z.array(
    z.object({ ref: z.string(), model: z.string(), version: z.string(), digest: z.string(), environment: z.string() }),
  ),
});

async function question(): Promise<string> {
  for (const filter of ["?status=allowed&limit=1", "?limit=1"]) {
    const response = await fetch(`${url}/api/v1/releases${filter}`, { headers });
    if (!response.ok) throw new Error(`${url} answers ${response.status}: ${await response.text()}`);
    const [release] = list.parse(await response.json()).releases;
    if (release) {
      const { ref: _, ...asked } = release;
      return JSON.stringify(asked);
    }
  }
  throw new Error("The portal has no release to ask about.");
}

type Figures = { connections: number; perSecond: number; p50: number; p99: number; errors: number };

async function load(
  connections: number,
  ask: () => Promise<Response>,
  fine: (status: number) => boolean,
): Promise<Figures> {
  const times: number[] = [];
  let errors = 0;
  const end = performance.now() + seconds * 1000;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() < end) {
        const from = performance.now();
        const status = await ask().then(
          async (r) => (await r.arrayBuffer(), r.status),
          () => 0,
        );
        times.push(performance.now() - from);
        if (!fine(status)) errors++;
      }
    }),
  );
  times.sort((a, b) => a - b);
  const at = (q: number) => Number((times[Math.floor(times.length * q)] ?? 0).toFixed(2));
  return { connections, perSecond: Math.round(times.length / seconds), p50: at(0.5), p99: at(0.99), errors };
}

const body = await question();
const bare = () => fetch(`${url}/api/health`);
const gate = () => fetch(`${url}/api/v1/gate/check`, { method: "POST", headers, body });
const answered = (status: number) => status === 200 || status === 403;
for (let i = 0; i < 50; i++) await Promise.all([bare(), gate()].map((r) => r.then((x) => x.arrayBuffer())));

const rows: { connections: number; bare: Figures; gate: Figures }[] = [];
for (const connections of [1, 16, 64])
  rows.push({
    connections,
    bare: await load(connections, bare, (s) => s === 200),
    gate: await load(connections, gate, answered),
  });
const at = (n: number) => rows.find((r) => r.connections === n);
const one = at(1);
const sixteen = at(16);
const targets = {
  "p50 at 1 <= 3x bare": one ? one.gate.p50 / one.bare.p50 : null,
  "req/s at 16 >= 0.5x bare": sixteen ? sixteen.gate.perSecond / sixteen.bare.perSecond : null,
  "p99 at 16 < 150 ms": sixteen?.gate.p99 ?? null,
  "errors at 64 = 0": at(64)?.gate.errors ?? null,
};
console.log(JSON.stringify({ asked: JSON.parse(body), rows, targets }, null, 2));
