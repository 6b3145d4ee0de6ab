import http from "node:http";

export type Load = { connections: number; perSecond: number; p50: number; p95: number; p99: number; errors: number };
export type Ask = { url: string; method?: "GET" | "POST"; headers?: Record<string, string>; body?: string };

export const rounds = Number(process.env.BENCH_ROUNDS ?? 5);
export const seconds = Number(process.env.BENCH_SECONDS ?? 3);

/** Asks over `connections` kept-alive connections for `seconds`. Milliseconds; an answer that is not `fine` is an error. */
export async function load(
  connections: number,
  ask: Ask,
  fine: (status: number) => boolean = (status) => status === 200,
): Promise<Load> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  return measure(connections, () => once(ask, agent), fine).finally(() => agent.destroy());
}

/** The same over any work that returns a status; a throw is an error. */
export async function measure(
  writers: number,
  work: (writer: number) => Promise<number>,
  fine: (status: number) => boolean = (status) => status === 200,
): Promise<Load> {
  const times: number[] = [];
  let errors = 0;
  const began = performance.now();
  const end = began + seconds * 1000;
  await Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      while (performance.now() < end) {
        const from = performance.now();
        const status = await work(writer).catch(() => 0);
        times.push(performance.now() - from);
        if (!fine(status)) errors++;
      }
    }),
  );
  const took = (performance.now() - began) / 1000;
  times.sort((a, b) => a - b);
  const at = (q: number) => Number((times[Math.floor(times.length * q)] ?? 0).toFixed(2));
  const perSecond = Math.round(times.length / took);
  return { connections: writers, perSecond, p50: at(0.5), p95: at(0.95), p99: at(0.99), errors };
}

/** One request, its body read to the end. */
export const once = (ask: Ask, agent?: http.Agent): Promise<number> =>
  new Promise((resolve, reject) => {
    const request = http.request(ask.url, { agent, method: ask.method ?? "GET", headers: ask.headers }, (response) => {
      response.resume();
      response.on("end", () => resolve(response.statusCode ?? 0));
    });
    request.on("error", reject);
    request.end(ask.body);
  });

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

export const round = (value: number, digits = 2): number => Number(value.toFixed(digits));
