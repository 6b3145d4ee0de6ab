import "server-only";
import { servedEntities } from "@/lib/connectors/databricks/system-tables";
import { UpstreamFault } from "@/lib/connectors/fault";
import { mlflowClient } from "@/lib/connectors/mlflow/client";
import { runReader } from "@/lib/connectors/mlflow/runs";
import { countOf, ifTold, prober } from "@/lib/connectors/probe";
import {
  type BadRecord,
  emptyPage,
  type From,
  type ModelRef,
  type Page,
  type Registry,
  type SeenModel,
  type SeenVersion,
  type Target,
  type Tested,
} from "@/lib/connectors/registry";
import { side } from "@/lib/connectors/side";
import { sift } from "@/lib/connectors/sift";
import { type UnityCatalogClient, unityCatalogClient } from "./client";
import { fullName, refOf, seenModel, seenServing, seenVersion } from "./map";
import { endpointShape, type Model, modelShape, versionShape } from "./shapes";

/** Models in a page: each takes two requests or more, so a page is done in seconds. */
const modelsPerPage = 100;

/** Unity Catalog on Databricks, and the open-source server, which tells less. */
export const unityCatalog: Registry = {
  open: (target, limits = {}) => {
    const client = unityCatalogClient(target, limits);
    const work: Work = { client, target, ...optionsOf(target) };
    if (!work.databricks)
      return {
        test: () => test(work),
        outline: (most) => outline(work, most),
        read: (from) => read(work, from),
        close: client.close,
      };
    const tracking = mlflowClient(target, limits);
    return {
      test: () => test(work),
      outline: (most) => outline(work, most),
      read: (from) => read(work, from),
      runs: runsHere(runReader(tracking)),
      promotion: {
        readBack: ({ name }, alias) => aliasVersion(client, name, alias),
        promote: async ({ model: { name }, version, alias, releaseRef }) => {
          await client.setAlias(name, alias, version);
          await client.setVersionTag(name, version, "countersign_release", releaseRef);
          return [
            { request: `PUT models/${name}/aliases/${alias} ${version}`, response: "200" },
            {
              request: `POST model-versions/set-tag ${name} ${version} countersign_release ${releaseRef}`,
              response: "200",
            },
          ];
        },
      },
      close: () => {
        client.close();
        tracking.close();
      },
    };
  },
};

type Work = {
  client: UnityCatalogClient;
  target: Target;
  databricks: boolean;
  catalogs: Set<string>;
  warehouse: string | null;
};

function optionsOf({ settings }: Target): Pick<Work, "databricks" | "catalogs" | "warehouse"> {
  const text = (key: string): string => (typeof settings[key] === "string" ? settings[key] : "");
  return {
    databricks: text("flavour") !== "open_source",
    catalogs: new Set(
      text("catalogs")
        .split(",")
        .map((c) => c.trim())
        .filter(Boolean),
    ),
    warehouse: text("warehouse") || null,
  };
}

/** What is asked for: a list may hold catalogs of others. */
const wanted = ({ catalogs }: Work, m: Model): boolean => catalogs.size === 0 || catalogs.has(m.catalog_name);

/** Pages of models, each with its aliases and versions; behind the last, what endpoints serve. */
async function read(work: Work, { token, since, size }: From): Promise<Page> {
  if (token === "serving") return serving(work);
  const from = token === null ? null : token.slice("models ".length);
  const list = await work.client.models(from, Math.min(size, modelsPerPage));
  const next = list.next_page_token;
  if (next !== null && next === from)
    throw new UpstreamFault("shape", "Unity Catalog repeats a page token, so its list has no end.");
  const { good, bad } = sift("models", modelShape, list.registered_models, ["catalog_name", "schema_name", "name"]);
  const page = {
    ...emptyPage,
    models: [] as SeenModel[],
    versions: [] as SeenVersion[],
    bad: bad.map((b) => ({ ...b, key: b.key?.replaceAll("/", ".") ?? null })),
    next: next !== null ? `models ${next}` : work.databricks ? "serving" : null,
  };
  await side(
    4,
    good.filter(({ value }) => wanted(work, value)),
    async (listed) => {
      const one = await readOne(work, listed.value, listed.raw, since, size);
      if (one === null) return;
      page.models.push(...one.models);
      page.versions.push(...one.versions);
      page.bad.push(...one.bad);
    },
  );
  const changed = page.versions.flatMap((v) => (v.changedAt ? [Date.parse(v.changedAt)] : []));
  return { ...page, watermark: changed.length > 0 ? Math.max(...changed) : null };
}

type One = { models: SeenModel[]; versions: SeenVersion[]; bad: BadRecord[] };

/** A model as it is told by itself, because only then are its aliases; its versions unless nothing changed since. */
async function readOne(
  work: Work,
  listed: Model,
  raw: unknown,
  since: number | null,
  size: number,
): Promise<One | null> {
  const { client, databricks } = work;
  const whole = databricks ? await client.model(fullName(listed)) : raw;
  // Taken away between the list and now; the next sweep says so.
  if (whole === null) return null;
  const { good, bad } = sift("models", modelShape, [whole], ["full_name"]);
  const [told] = good;
  if (!told) return { models: [], versions: [], bad: bad.map((b) => ({ ...b, key: refOf(listed).id })) };
  const ref = refOf(told.value);
  const fresh = since === null || (told.value.updated_at ?? since) >= since;
  const versions = fresh ? await allVersions(client, ref, size) : { versions: [], bad: [] };
  return { models: [seenModel(told.value, told.raw)], ...versions };
}

async function allVersions(client: UnityCatalogClient, model: ModelRef, size: number): Promise<Omit<One, "models">> {
  const all: Omit<One, "models"> = { versions: [], bad: [] };
  let token: string | null = null;
  do {
    const page: Awaited<ReturnType<UnityCatalogClient["versions"]>> = await client.versions(model.name, token, size);
    const { good, bad } = sift("versions", versionShape, page.model_versions, ["version"]);
    all.versions.push(...good.map(({ value, raw }) => seenVersion(model, value, raw)));
    all.bad.push(...bad.map((b) => ({ ...b, key: b.key === null ? null : `${model.name}/${b.key}` })));
    if (page.next_page_token !== null && page.next_page_token === token)
      throw new UpstreamFault("shape", "Unity Catalog repeats a page token of versions, so its list has no end.");
    token = page.next_page_token;
  } while (token !== null);
  return all;
}

/** What serves; an account that may not see it still reads the models. */
async function serving(work: Work): Promise<Page> {
  try {
    if (work.warehouse) return { ...emptyPage, ...(await servedEntities(work.client.http, work.warehouse)) };
    const { endpoints } = await work.client.endpoints();
    const { good, bad } = sift("serving", endpointShape, endpoints, ["name"]);
    return { ...emptyPage, serving: good.flatMap((e) => seenServing(e.value, e.raw, work.target.baseUrl)), bad };
  } catch (error) {
    if (error instanceof UpstreamFault && (error.kind === "forbidden" || error.kind === "not_found"))
      return { ...emptyPage, unread: [{ stream: "serving", why: error.message.slice(0, 500) }] };
    throw error;
  }
}

/** A run may lie in another workspace, where this account cannot look: that is not the same as deleted. */
const runsHere =
  (reader: ReturnType<typeof runReader>): ReturnType<typeof runReader> =>
  async (pending) => {
    const { runs, bad } = await reader(pending);
    return {
      runs: runs.map((r) =>
        r.facts["run.status"] === "DELETED"
          ? { ...r, facts: { "run.id": r.runId, "run.status": "NOT IN THIS WORKSPACE" } }
          : r,
      ),
      bad,
    };
  };

async function aliasVersion(client: UnityCatalogClient, name: string, alias: string): Promise<string | null> {
  const told = await client.model(name);
  if (told === null) return null;
  const found = modelShape.parse(told).aliases.find((a) => a.alias_name === alias);
  return found ? String(found.version_num) : null;
}

async function test(work: Work): Promise<Tested> {
  const { client, databricks, warehouse } = work;
  const { attempt, answer } = prober();
  let count = 0;
  let more = false;
  let first: string | null = null;
  const listed = await attempt("List registered models", "BROWSE on the catalogs", async () => {
    const page = await client.models(null, 1000);
    const { good, bad } = sift("models", modelShape, page.registered_models, ["full_name"]);
    if (bad[0] && good.length === 0)
      throw new UpstreamFault(
        "shape",
        `Unity Catalog answered with an unexpected shape: ${bad[0].reason}. Is it the system it should be, in a version we know?`,
      );
    const ours = good.filter(({ value }) => wanted(work, value));
    count = ours.length;
    more = page.next_page_token !== null;
    first = ours[0] ? fullName(ours[0].value) : null;
    return countOf(count, more) + (bad.length > 0 ? `, ${bad.length} more are unreadable` : "");
  });
  const name: string | null = first;
  if (listed && name !== null)
    await attempt("Read versions", "EXECUTE on the models", async () => {
      await client.versions(name, null, 1);
      return "readable";
    });
  if (listed && databricks)
    await (warehouse
      ? attempt("Read what serves, from the system tables", "SELECT on system.serving.served_entities", async () =>
          countOf(
            (await servedEntities(client.http, warehouse, { budgetMs: 12_000 })).serving.length,
            false,
            "served version",
          ),
        )
      : attempt("Read what serves", "CAN VIEW on the serving endpoints", async () =>
          countOf((await client.endpoints()).endpoints.length, false, "endpoint"),
        ));
  const who = databricks ? await ifTold(client.me) : null;
  return answer(`Unity Catalog with ${countOf(count, more)}.`, {
    identity: who?.displayName ?? who?.userName ?? null,
    models: listed ? count : null,
    more,
    skewMs: client.skewMs(),
  });
}

async function outline(work: Work, most: number) {
  const refs = new Map<string, ModelRef>();
  let unreadable = 0;
  let token: string | null = null;
  do {
    const page: Awaited<ReturnType<UnityCatalogClient["models"]>> = await work.client.models(token, 1000);
    const { good, bad } = sift("models", modelShape, page.registered_models, ["full_name"]);
    unreadable += bad.length;
    for (const { value } of good) if (wanted(work, value)) refs.set(refOf(value).id, refOf(value));
    token = page.next_page_token === token ? null : page.next_page_token;
  } while (token !== null && refs.size < most);
  return {
    models: [...refs.values()].map((ref) => ({ ref, versions: null })),
    more: token !== null,
    versions: null,
    unreadable,
  };
}
