import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { syncRuns } from "@/db/schema/models";
import { quarantinedRecords } from "@/db/schema/registries";
import { createConnection } from "@/lib/connections/create";
import { previewImport } from "@/lib/connections/preview";
import { connectionGet } from "@/lib/connections/queries";
import { syncRegistry } from "@/lib/connections/sync";
import { testConnection } from "@/lib/connections/test";
import type { Tested } from "@/lib/connectors/registry";
import { systemActor } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/command";
import { testDatabase } from "./database";
import { type Asked, type FaultProxy, faultProxy } from "./fault-proxy";
import { testOrg } from "./org";

/** A server that the suite runs against, real or fake, holding models already. */
export type ContractServer = {
  url: string;
  /** What connecting to it takes beside name and address (system, auth, username, secret, settings). */
  connect: Record<string, unknown>;
  /** What it holds. */
  models: number;
  versions: number;
  /** Fewer requests than a whole sync makes, so that a fault set in after these falls into the middle of one. */
  middle: number;
  stop: () => Promise<void>;
};

/** How a system writes its lists, so that the faults can be put into them. */
export type ContractTraits = {
  /** The property that holds the records when this request lists something, else null. */
  list: (asked: Asked) => string | null;
  /** Tells the same record again. */
  key: (record: Record<string, unknown>) => string;
  /** Makes a record one that cannot be understood, its key left whole. */
  spoil: (record: Record<string, unknown>) => Record<string, unknown>;
  /** Where a page's token is asked for and answered. */
  paging: { query: string; answer: string } | { body: string; answer: string } | null;
  /** What the system answers when a permission is missing, and what the message must name. */
  forbidden: { status: number; body: unknown; named: RegExp };
  /** What it answers to credentials that have run out. */
  unauthorized: { status: number; body: unknown };
  /** Whether a token that ran out is renewed, so that the sync does not even notice. */
  renews: boolean;
};

const limits = { timeoutMs: 2_000, tries: 4, pauseMs: 1, pauseCapMs: 20, budgetMs: 20_000 };
const json = { "content-type": "application/json" };
const emptyToken = "contract-empty ";

/**
 * What every registry must survive, over the same engine: after each fault the stored state is that of a clean run, and a run over
 * an unchanged registry adds nothing. Runs inside the caller's test file.
 */
export function registryContract(name: string, start: () => Promise<ContractServer>, traits: ContractTraits): void {
  describe(`contract of a registry: ${name}`, () => {
    let server: ContractServer;
    let proxy: FaultProxy;
    let t: Awaited<ReturnType<typeof testDatabase>>;
    let admin: Ctx;
    let clean: string;
    let clock = Date.parse("2026-11-20T09:00:00Z");
    let jobs = 0;

    beforeAll(async () => {
      server = await start();
      proxy = await faultProxy(server.url);
      t = await testDatabase();
      admin = await (await testOrg(t.db)).person("Ada Admin", "admin");
      const id = await connect("clean");
      await sync(id);
      clean = await stored(id);
    });
    afterAll(async () => {
      await proxy?.close();
      await server?.stop();
      await t?.drop();
    });

    const connect = async (called: string): Promise<string> =>
      (await createConnection(admin, { name: called, baseUrl: proxy.url, import: true, ...server.connect })).id;

    const system = (now = () => new Date(clock)): Ctx => ({
      db: t.db,
      actor: systemActor,
      now,
      requestId: `job-${++jobs}`,
    });
    const sync = (connectionId: string, options = {}) => {
      clock += 60_000;
      return syncRegistry(system(), { connectionId, trigger: "manual" }, { limits, ...options });
    };
    const calm = () => {
      proxy.meddle = () => null;
      proxy.skewMs = 0;
    };
    /** Meddles with lists only, from the given one on, so many times. */
    const onList = (times: number, does: NonNullable<ReturnType<FaultProxy["meddle"]>>, after = 0) => {
      let seen = 0;
      let done = 0;
      proxy.meddle = (asked) => {
        if (traits.list(asked) === null || seen++ < after || done >= times) return null;
        done++;
        return does;
      };
      return () => done;
    };

    /** Everything that a sync wrote for a connection, without ids and times of ours. */
    const stored = async (id: string): Promise<string> => {
      const { rows } = await t.db.execute<{ state: string }>(sql`
        select jsonb_build_object(
          'models', (select jsonb_agg(jsonb_build_array(m.external_id, m.external_name, m.description, m.vanished_at is null,
              encode(m.registry_sha256, 'hex'), encode(r.raw_sha256, 'hex')) order by m.external_id)
            from model m left join registry_record r on r.model_id = m.id where m.connection_id = ${id}),
          'versions', (select jsonb_agg(jsonb_build_array(m.external_id, v.version, v.run_id, v.commit, v.status, v.aliases, v.digest,
              v.registered_at, encode(v.raw_sha256, 'hex')) order by m.external_id, v.version)
            from model_version v join model m on m.id = v.model_id where m.connection_id = ${id}),
          'serving', (select jsonb_agg(jsonb_build_array(external_id, external_model, version, version_id is not null, traffic, state,
              gone_at is null) order by external_id) from served_version where connection_id = ${id}),
          'facts', (select jsonb_agg(jsonb_build_array(m.external_id, v.version, f.key, f.value::text) order by m.external_id, v.version, f.key, f.value::text)
            from fact f left join model_version v on v.id = f.subject_id join model m on m.id = coalesce(v.model_id, f.subject_id)
            where m.connection_id = ${id} and f.superseded_at is null and f.source_kind = 'connection' and f.key <> 'deployment.covered')
        )::text as state`);
      return rows[0]?.state ?? "";
    };
    const expectClean = async (id: string) => expect(await stored(id)).toBe(clean);
    const lastRun = async (id: string) =>
      (
        await t.db.select().from(syncRuns).where(eq(syncRuns.connectionId, id)).orderBy(sql`started_at desc`).limit(1)
      )[0];

    test("the preview says what would come, and writes nothing", async () => {
      const { id } = await createConnection(admin, { name: "to look at", baseUrl: proxy.url, ...server.connect });
      const preview = await previewImport(admin, { id });
      expect(preview).toMatchObject({ models: server.models, more: false, clashes: server.models });
      expect(preview.first).toHaveLength(Math.min(20, server.models));
      expect(JSON.parse(await stored(id)).models).toBeNull();
      await expect(sync(id)).rejects.toMatchObject({ code: "conflict" });
    });

    test("the first sync brings every model and version, each with its own record", async () => {
      const state = JSON.parse(clean);
      expect(state.models).toHaveLength(server.models);
      expect(state.versions).toHaveLength(server.versions);
      expect(state.facts.length).toBeGreaterThan(server.versions);
      expect(state.models.every((m: unknown[]) => m[5] !== null)).toBe(true);
    });

    test("twice in a row adds nothing", async () => {
      const id = await connect("twice");
      await sync(id);
      const before = await stored(id);
      expect(before).toBe(clean);
      expect(await sync(id)).toMatchObject({ changed: 0 });
      clock += 60_000;
      expect(await syncRegistry(system(), { connectionId: id, trigger: "schedule" }, { limits })).toMatchObject({
        changed: 0,
      });
      await expectClean(id);
    });

    test("page size 1", async () => {
      const id = await connect("one by one");
      await sync(id, { pageSize: 1 });
      await expectClean(id);
    });

    test.skipIf(traits.paging === null)("an empty page with a token is not the end", async () => {
      const id = await connect("empty pages");
      proxy.meddle = (asked) => emptyFirst(traits, asked);
      await sync(id, { pageSize: 2 });
      calm();
      await expectClean(id);
    });

    test("duplicates, and records out of order", async () => {
      const id = await connect("disorder");
      proxy.meddle = (asked) => {
        const items = traits.list(asked);
        return items === null
          ? null
          : { change: (answer) => withList(answer, items, (rows) => [...rows].reverse().concat(rows)) };
      };
      await sync(id);
      calm();
      await expectClean(id);
    });

    const soon = () => new Date(Date.now() + 1000).toUTCString();
    test.each<[string, number, () => NonNullable<ReturnType<FaultProxy["meddle"]>>]>([
      ["429 with Retry-After in seconds", 2, () => ({ answer: { status: 429, headers: { "retry-after": "0" } } })],
      ["429 with Retry-After as a date", 1, () => ({ answer: { status: 429, headers: { "retry-after": soon() } } })],
      ["500, then an answer", 2, () => ({ answer: { status: 500, headers: json, body: "{}" } })],
      [
        "a body that is cut off",
        1,
        () => ({ answer: { status: 200, headers: json, body: '{"x":[1,2,3]}', cutAfter: 4 } }),
      ],
      ["a body that does not come in time", 1, () => ({ answer: { status: 200, body: "{}", delayMs: 5_000 } })],
    ])("%s: tried again, and whole in the end", async (what, times, does) => {
      const id = await connect(what.replace(/[^a-z0-9 ]/gi, ""));
      const happened = onList(times, does());
      await sync(id, { limits: { ...limits, timeoutMs: 1_000 } });
      expect(happened()).toBe(times);
      calm();
      await expectClean(id);
    });

    test("a token that runs out once", async () => {
      const id = await connect("token");
      const { status, body } = traits.unauthorized;
      onList(1, { answer: { status, headers: json, body: JSON.stringify(body) } }, 1);
      if (!traits.renews) {
        await expect(sync(id, { pageSize: 1 })).rejects.toMatchObject({ kind: "unauthorized" });
        expect(await lastRun(id)).toMatchObject({ state: "failed", error: expect.stringMatching(/credentials/) });
      }
      await sync(id, { pageSize: 1 });
      calm();
      await expectClean(id);
    });

    test("a permission that is missing is named, by the test and by the sync; what was read before stays", async () => {
      const id = await connect("forbidden");
      await sync(id);
      const { status, body, named } = traits.forbidden;
      onList(100, { answer: { status, headers: json, body: JSON.stringify(body) } });
      const tested: Tested = await testConnection(admin, { id });
      expect(tested).toMatchObject({ ok: false, summary: expect.stringMatching(named) });
      expect(tested.missing.join()).toMatch(named);
      await expect(sync(id)).rejects.toMatchObject({ kind: "forbidden" });
      expect(await lastRun(id)).toMatchObject({ state: "failed", error: expect.stringMatching(named) });
      calm();
      await expectClean(id);
    });

    test("a clock that is two hours ahead is told, and changes nothing", async () => {
      const id = await connect("clock");
      proxy.skewMs = 2 * 3_600_000;
      const { skewMs }: Tested = await testConnection(admin, { id });
      expect(Math.round((skewMs ?? 0) / 60_000)).toBe(120);
      await sync(id);
      calm();
      await expectClean(id);
    });

    test("a fifth of the records cannot be understood: kept apart, counted, shown; whole once they can be", async () => {
      const id = await connect("bad records");
      const order = new Map<string, number>();
      const bad = new Set<string>();
      proxy.meddle = (asked) => {
        const items = traits.list(asked);
        if (items === null) return null;
        const spoil = (record: Record<string, unknown>) => {
          const key = `${items} ${asked.url.pathname} ${traits.key(record)}`;
          order.set(key, order.get(key) ?? order.size);
          if ((order.get(key) ?? 0) % 5 !== 4) return record;
          bad.add(key);
          return traits.spoil(record);
        };
        return { change: (answer) => withList(answer, items, (rows) => rows.map(spoil)) };
      };
      await sync(id);
      calm();
      expect(bad.size).toBeGreaterThan(0);
      const shown = await connectionGet(admin, { id });
      expect(shown.quarantined).toBe(bad.size);
      expect(shown.runs[0]).toMatchObject({ state: "completed", skipped: bad.size });
      const kept = await t.db.select().from(quarantinedRecords).where(eq(quarantinedRecords.connectionId, id));
      expect(kept.every((q) => q.reason.length > 3 && q.raw.length > 2)).toBe(true);
      const half = JSON.parse(await stored(id));
      expect(half.versions.length).toBeLessThan(server.versions);
      expect(half.versions.length).toBeGreaterThan(server.versions / 2);

      await sync(id);
      await expectClean(id);
      expect((await connectionGet(admin, { id })).quarantined).toBe(0);
    });

    test("a process that is killed in the middle: another goes on, and nothing is missing or twice", async () => {
      const id = await connect("killed");
      const killed = new Error("killed");
      clock += 60_000;
      let calls = 0;
      const ctx = system(() => {
        if (++calls > server.middle) throw killed;
        return new Date(clock);
      });
      await expect(syncRegistry(ctx, { connectionId: id, trigger: "manual" }, { limits, pageSize: 1 })).rejects.toBe(
        killed,
      );
      const left = await lastRun(id);
      expect(left).toMatchObject({ state: "running" });
      clock += 180_000;
      expect((await sync(id, { pageSize: 1 })).runId).toBe(left?.id);
      await expectClean(id);
    });

    test("a server that fails in the middle: the run fails with its reason and is taken up where it was", async () => {
      const id = await connect("fails");
      onList(1000, { answer: { status: 503, headers: json, body: "{}" } }, 1);
      await expect(sync(id, { pageSize: 1 })).rejects.toMatchObject({ name: "UpstreamFault", kind: "server" });
      expect(await lastRun(id)).toMatchObject({ state: "failed", error: expect.stringMatching(/503/) });
      calm();
      await sync(id, { pageSize: 1 });
      await expectClean(id);
    });
  });
}

/** The answer with its list changed. */
function withList(
  answer: unknown,
  items: string,
  change: (rows: Record<string, unknown>[]) => Record<string, unknown>[],
): unknown {
  if (typeof answer !== "object" || answer === null) return answer;
  const rows: unknown = new Map(Object.entries(answer)).get(items);
  return Array.isArray(rows) ? { ...answer, [items]: change(rows) } : answer;
}

/** Before each page of a list an empty one, whose token asks for it. */
function emptyFirst({ list, paging }: ContractTraits, asked: Asked) {
  const items = list(asked);
  if (items === null || paging === null) return null;
  const given = "query" in paging ? asked.url.searchParams.get(paging.query) : bodyToken(asked.body, paging.body);
  const empty = (token: string) => ({
    answer: {
      status: 200,
      headers: json,
      body: JSON.stringify({ [items]: [], [paging.answer]: `${emptyToken}${token}` }),
    },
  });
  if (!given?.startsWith(emptyToken)) return empty(given ?? "");
  const token = given.slice(emptyToken.length);
  if ("body" in paging) {
    const { [paging.body]: _, ...rest } = JSON.parse(asked.body);
    return { body: JSON.stringify(token ? { ...rest, [paging.body]: token } : rest) };
  }
  const url = new URL(asked.url);
  if (token) url.searchParams.set(paging.query, token);
  else url.searchParams.delete(paging.query);
  return { url };
}

function bodyToken(body: string, name: string): string | null {
  const value: unknown = new Map<string, unknown>(Object.entries(JSON.parse(body || "{}"))).get(name);
  return typeof value === "string" ? value : null;
}
