import "server-only";
import { UpstreamFault } from "@/lib/connectors/fault";
import { countOf, ifTold, prober } from "@/lib/connectors/probe";
import {
  emptyPage,
  type From,
  type Page,
  type Registry,
  type RegistryClient,
  type Tested,
} from "@/lib/connectors/registry";
import { sift } from "@/lib/connectors/sift";
import { type MlflowClient, mlflowClient } from "./client";
import { readArtifacts } from "./digest";
import { isPrompt, seenModel, seenVersion } from "./map";
import { runReader } from "./runs";
import { modelVersionShape, registeredModelShape } from "./shapes";

/** MLflow's model registry and tracking server. */
export const mlflow: Registry = {
  open: (target, limits = {}): RegistryClient => {
    const client = mlflowClient(target, limits);
    return {
      test: () => testServer(client),
      outline: (most) => outline(client, most),
      read: (from) => readPage(client, from),
      readModel: (name) => readModel(client, name),
      runs: runReader(client),
      artifacts: (p) => readArtifacts(client, p.model.name, p.version),
      promotion: {
        readBack: ({ name }, alias) => client.aliasVersion(name, alias),
        promote: async ({ model: { name }, version, alias, releaseRef }) => {
          await client.setAlias(name, alias, version);
          await client.setVersionTag(name, version, "countersign.release", releaseRef);
          return [
            { request: `POST registered-models/alias ${name} ${alias} ${version}`, response: "200" },
            {
              request: `POST model-versions/set-tag ${name} ${version} countersign.release ${releaseRef}`,
              response: "200",
            },
          ];
        },
      },
      close: client.close,
    };
  },
};

/** Where reading stands: versions come first, newest change first, because aliases stand on them. */
type Place = { stream: "versions" | "models"; token: string | null };

function placeOf(token: string | null): Place {
  if (token === null) return { stream: "versions", token: null };
  const [stream, ...rest] = token.split(" ");
  return { stream: stream === "models" ? "models" : "versions", token: rest.join(" ") || null };
}

async function readPage(client: MlflowClient, from: From): Promise<Page> {
  const place = placeOf(from.token);
  return place.stream === "versions" ? versionsPage(client, place, from) : modelsPage(client, place, from);
}

async function versionsPage(client: MlflowClient, { token }: Place, { since, size }: From): Promise<Page> {
  const page = await client.versions("last_updated_timestamp DESC", token, null, size);
  const { good, bad } = sift("versions", modelVersionShape, page.model_versions, ["name", "version"]);
  const changed = (v: { last_updated_timestamp?: number | null | undefined; creation_timestamp: number }) =>
    v.last_updated_timestamp ?? v.creation_timestamp;
  const reached = since !== null && good.some(({ value }) => changed(value) < since);
  const next = page.next_page_token;
  if (next !== null && next === token) throw repeats("model-versions/search");
  const fresh = good.filter(({ value }) => !isPrompt(value.tags) && (since === null || changed(value) >= since));
  return {
    ...emptyPage,
    versions: fresh.map(({ value, raw }) => seenVersion(value, raw)),
    bad,
    watermark: good.length === 0 ? null : Math.max(...good.map(({ value }) => changed(value))),
    next: next === null || reached ? "models" : `versions ${next}`,
  };
}

async function modelsPage(client: MlflowClient, { token }: Place, { size }: From): Promise<Page> {
  const page = await client.models(token, size);
  const { good, bad } = sift("models", registeredModelShape, page.registered_models, ["name"]);
  const next = page.next_page_token;
  if (next !== null && next === token) throw repeats("registered-models/search");
  return {
    ...emptyPage,
    models: good.filter(({ value }) => !isPrompt(value.tags)).map(({ value, raw }) => seenModel(value, raw)),
    bad,
    next: next === null ? null : `models ${next}`,
  };
}

const repeats = (path: string) =>
  new UpstreamFault("shape", `MLflow repeats a page token of ${path}, so its list has no end.`);

/** One model with all its versions; a model has few enough for one request. */
async function readModel(client: MlflowClient, name: string): Promise<Page | null> {
  const raw = await client.model(name);
  if (raw === null) return null;
  const models = sift("models", registeredModelShape, [raw], ["name"]);
  const page = await client.versions("last_updated_timestamp DESC", null, `name = '${name.replaceAll("'", "\\'")}'`);
  const versions = sift("versions", modelVersionShape, page.model_versions, ["name", "version"]);
  return {
    ...emptyPage,
    models: models.good.filter(({ value }) => !isPrompt(value.tags)).map((m) => seenModel(m.value, m.raw)),
    versions: versions.good.filter(({ value }) => !isPrompt(value.tags)).map((v) => seenVersion(v.value, v.raw)),
    bad: [...models.bad, ...versions.bad],
  };
}

async function testServer(client: MlflowClient): Promise<Tested> {
  const { attempt, answer } = prober();
  let models = 0;
  let more = false;
  let runId: string | null = null;
  const listed = await attempt("List registered models", "READ on the model registry", async () => {
    const page = await client.models(null, 1000);
    const { bad } = sift("models", registeredModelShape, page.registered_models, ["name"]);
    models = page.registered_models.length;
    more = page.next_page_token !== null;
    if (bad[0] && bad.length === models)
      throw new UpstreamFault(
        "shape",
        `MLflow answered with an unexpected shape: registered_models.0.${bad[0].reason}. Is it the system it should be, in a version we know?`,
      );
    return countOf(models, more) + (bad.length > 0 ? `, ${bad.length} of them unreadable` : "");
  });
  if (listed) {
    const versions = await attempt("List model versions", "READ on the model registry", async () => {
      const page = await client.versions("last_updated_timestamp DESC", null, null, 50);
      const { good } = sift("versions", modelVersionShape, page.model_versions, ["name", "version"]);
      runId = good.find(({ value }) => value.run_id)?.value.run_id ?? null;
      return page.model_versions.length === 0 ? "none registered yet" : "readable";
    });
    const id: string | null = runId;
    if (versions && id !== null)
      await attempt("Read runs", "READ on the experiments", async () =>
        (await client.run(id)) ? "readable" : "the newest version's run was deleted",
      );
  }
  const serverVersion = await ifTold(client.serverVersion);
  return answer(`${serverVersion ? `MLflow ${serverVersion}` : "An MLflow API"} with ${countOf(models, more)}.`, {
    serverVersion,
    models: listed ? models : null,
    more,
    skewMs: client.skewMs(),
  });
}

async function outline(client: MlflowClient, most: number) {
  const refs = new Map<string, number | null>();
  let unreadable = 0;
  let token: string | null = null;
  do {
    const page: Awaited<ReturnType<MlflowClient["models"]>> = await client.models(token, Math.min(1000, most));
    const { good, bad } = sift("models", registeredModelShape, page.registered_models, ["name"]);
    unreadable += bad.length;
    for (const { value } of good) if (!isPrompt(value.tags)) refs.set(value.name, null);
    token = page.next_page_token === token ? null : page.next_page_token;
  } while (token !== null && refs.size < most);
  const versions = await client.versions("last_updated_timestamp DESC", null, null, 1000);
  return {
    models: [...refs].map(([name, count]) => ({ ref: { id: name, name }, versions: count })),
    more: token !== null,
    unreadable,
    versions: versions.next_page_token === null ? versions.model_versions.length : null,
  };
}
