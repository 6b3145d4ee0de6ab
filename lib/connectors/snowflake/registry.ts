import "server-only";
import { UpstreamFault } from "@/lib/connectors/fault";
import { once, phased } from "@/lib/connectors/phases";
import { countOf, ifTold, prober } from "@/lib/connectors/probe";
import type { BadRecord, ModelRef, Page, Registry, SeenServing, Write } from "@/lib/connectors/registry";
import { sift } from "@/lib/connectors/sift";
import { someRecords, walkModels } from "@/lib/connectors/walk";
import { hidden, type SnowflakeClient, snowflakeClient } from "./client";
import { noDigest, partsOf, quoted, refOf, seenModel, seenServing, seenVersion } from "./map";
import { type ModelRow, modelRow, type ServiceRow, serviceRow, sessionRow, versionRow } from "./shapes";

const system = "Snowflake";
/** SHOW returns at most so many rows, without saying that there are more. */
const showMost = 10_000;

/** Where things run, and in which state, as far as the role may see it. */
type Around = { region: string | null; services: ServiceRow[] | null; why: string | null };

/** Snowflake Model Registry of one account or database: models, their versions with aliases, and the services that run them. */
export const snowflake: Registry = {
  open: (target, limits) => {
    const setting = (name: string): string | null => String(target.settings[name] ?? "").trim() || null;
    const client = snowflakeClient(
      {
        baseUrl: target.baseUrl,
        account: setting("account"),
        user: target.username ?? "",
        privateKey: target.secret ?? "",
        role: setting("role"),
        database: setting("database"),
      },
      limits,
    );
    const around = once(() => lookAround(client));
    return {
      test: () => test(client),
      outline: async (most) => {
        const { records, more } = await someRecords(system, client.models, most);
        const { good } = sift("models", modelRow, records, ["database_name", "schema_name", "name"]);
        return {
          models: good.map(({ value }) => ({ ref: refOf(value), versions: null })),
          more,
          versions: null,
        };
      },
      read: phased(system, [
        {
          id: "models",
          read: walkModels({
            system,
            schema: modelRow,
            keys: ["database_name", "schema_name", "name"],
            idOf: (key) => {
              const [database_name = "", schema_name = "", name = ""] = key.split("/");
              return refOf({ database_name, schema_name, name }).id;
            },
            list: async (place) => {
              const page = await client.models(place);
              if (page.records.length >= showMost)
                throw new UpstreamFault(
                  "too_large",
                  `Snowflake shows at most ${showMost.toLocaleString("en-GB")} models at once, so some may be left out. Connect one database at a time.`,
                );
              return page;
            },
            withVersions: async (model, raw) => withVersions(client, await around(), model, raw),
          }),
        },
      ]),
      artifacts: async () => ({ digest: null, source: noDigest, facts: {} }),
      promotion: {
        readBack: (model, alias) => holderOf(client, model, alias),
        promote: ({ model, version, alias }) => promote(client, model, version, alias),
      },
      close: client.close,
    };
  },
};

async function lookAround(client: SnowflakeClient): Promise<Around> {
  const session = sessionRow.safeParse((await ifTold(client.session))?.[0]).data;
  try {
    const { good } = sift("serving", serviceRow, await client.services(), ["name"]);
    return { region: session?.region ?? null, services: good.map((g) => g.value), why: null };
  } catch (error) {
    if (error instanceof UpstreamFault && error.kind === "forbidden")
      return { region: session?.region ?? null, services: null, why: error.message };
    throw error;
  }
}

async function withVersions(
  client: SnowflakeClient,
  { region, services, why }: Around,
  model: ModelRow,
  raw: unknown,
): Promise<{
  models: Page["models"];
  versions: Page["versions"];
  bad: BadRecord[];
  serving: SeenServing[];
  unread: Page["unread"];
}> {
  let records: Awaited<ReturnType<SnowflakeClient["versions"]>>;
  try {
    records = await client.versions(model.database_name, model.schema_name, model.name);
  } catch (error) {
    // Dropped between the list and this.
    if (hidden(error)) return { models: [], versions: [], bad: [], serving: [], unread: [] };
    throw error;
  }
  const { good, bad } = sift("versions", versionRow, records, ["name"]);
  const ref = refOf(model);
  const rows = good.map((g) => g.value);
  const told = records.length === 0 || records.some((r) => "inference_services" in r);
  return {
    models: [seenModel(model, rows, raw)],
    versions: good.map(({ value, raw: record }) => seenVersion(ref, value, record)),
    bad: bad.map((b) => ({ ...b, key: b.key === null ? null : `${ref.id}/${b.key}` })),
    serving: rows.flatMap((v) => seenServing(ref, v, services, region)),
    unread: told
      ? why === null
        ? []
        : [{ stream: "serving" as const, why: why.slice(0, 500) }]
      : [
          {
            stream: "serving" as const,
            why: "This account does not yet list the services of a version (bundle 2024_08).",
          },
        ],
  };
}

async function test(client: SnowflakeClient) {
  const { attempt, answer } = prober();
  let models: number | null = null;
  let more = false;
  let who: { user: string; role?: string | null | undefined; version?: string | null | undefined } | undefined;
  let first: ModelRow | undefined;
  const signedIn = await attempt("Sign in", "a public key on the user (ALTER USER … SET RSA_PUBLIC_KEY)", async () => {
    who = sessionRow.safeParse((await client.session())[0]).data;
    if (!who) throw new UpstreamFault("shape", "Snowflake does not say who is signed in.");
    return `as ${who.user}, role ${who.role ?? "none"}`;
  });
  const listed =
    signedIn &&
    (await attempt("List models", client.usage, async () => {
      const page = await client.models(null);
      models = page.records.length;
      more = page.next !== null;
      first = page.records.flatMap((r) => modelRow.safeParse(r).data ?? [])[0];
      return models === 0
        ? `no model: a role sees only those it has a privilege on; grant it ${client.usage}, and USAGE ON MODEL`
        : countOf(models, more);
    }));
  const model = first;
  if (listed && model)
    await attempt("List a model's versions", `USAGE ON MODEL ${refOf(model).id}`, async () => {
      await client.versions(model.database_name, model.schema_name, model.name);
      return "readable";
    });
  if (listed)
    await attempt("List services", "MONITOR ON SERVICE", async () =>
      countOf((await client.services()).length, false, "service"),
    );
  return answer(`The Snowflake account ${client.account} with ${countOf(models ?? 0, more)}.`, {
    identity: who ? `${who.user}, role ${who.role ?? "none"}` : null,
    serverVersion: who?.version ?? null,
    models,
    more,
    skewMs: client.skewMs(),
  });
}

const rowOf = (model: ModelRef) => {
  const [database_name = "", schema_name = "", name = ""] = partsOf(model.id);
  return { database_name, schema_name, name };
};

async function holderOf(client: SnowflakeClient, model: ModelRef, alias: string): Promise<string | null> {
  const row = rowOf(model);
  const records = await client.versions(row.database_name, row.schema_name, row.name);
  const { good } = sift("versions", versionRow, records, ["name"]);
  const seen = seenModel(
    { ...row, created_on: "" },
    good.map((g) => g.value),
    null,
  );
  return seen.aliases.find((a) => a.alias.toUpperCase() === alias.toUpperCase())?.version ?? null;
}

/** DEFAULT is the version that a call without one runs; any other alias stands on one version. */
async function promote(client: SnowflakeClient, model: ModelRef, version: string, alias: string): Promise<Write[]> {
  const holder = await holderOf(client, model, alias);
  if (holder === version) return [];
  const name = quoted(...partsOf(model.id));
  const grant = `OWNERSHIP ON MODEL ${model.id}`;
  const statements =
    alias.toUpperCase() === "DEFAULT"
      ? [`ALTER MODEL ${name} SET DEFAULT_VERSION = ${quoted(version)}`]
      : [
          ...(holder === null ? [] : [`ALTER MODEL ${name} VERSION ${quoted(holder)} UNSET ALIAS`]),
          `ALTER MODEL ${name} VERSION ${quoted(version)} SET ALIAS = ${quoted(alias.toUpperCase())}`,
        ];
  for (const statement of statements) await client.alter(statement, grant);
  return statements.map((request) => ({ request, response: "executed" }));
}
