import "server-only";
import { UpstreamFault } from "@/lib/connectors/fault";
import { phased, unlessDenied } from "@/lib/connectors/phases";
import { countOf, prober } from "@/lib/connectors/probe";
import type { BadRecord, ModelRef, Registry, Write } from "@/lib/connectors/registry";
import { sift } from "@/lib/connectors/sift";
import { everyRecord, ifThere, someRecords, walkModels } from "@/lib/connectors/walk";
import { type VertexClient, vertexClient } from "./client";
import { idOf, noDigest, refOf, seenModel, seenServing, seenVersion } from "./map";
import { endpointShape, type Model, modelShape, versionShape } from "./shapes";

const system = "Vertex AI";

/** Vertex AI Model Registry of one project in one region: models, their versions with aliases, and the endpoints that serve them. */
export const vertexAi: Registry = {
  open: (target, limits) => {
    const location = String(target.settings.location ?? "");
    const client = vertexClient(
      { baseUrl: target.baseUrl, project: String(target.settings.project ?? ""), location, key: target.secret ?? "" },
      limits,
    );
    return {
      test: () => test(client, location),
      outline: async (most) => {
        const { records, more } = await someRecords(system, (token) => listModels(client, token, 100), most);
        const { good } = sift("models", modelShape, records, ["name"]);
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
            schema: modelShape,
            keys: ["name"],
            idOf,
            list: (token, size) => listModels(client, token, size),
            withVersions: (model, raw) => withVersions(client, model, raw),
          }),
        },
        {
          id: "endpoints",
          read: unlessDenied("serving", {
            id: "endpoints",
            read: async (token, from) => {
              const page = await client.endpoints(token, from.size);
              const { good, bad } = sift("serving", endpointShape, page.endpoints, ["name"]);
              return {
                serving: good.flatMap(({ value }) => seenServing(value, location)),
                bad,
                next: page.nextPageToken,
              };
            },
          }),
        },
      ]),
      artifacts: async () => ({ digest: null, source: noDigest, facts: {} }),
      promotion: {
        readBack: async (model, alias) => (await ifThere(() => client.version(model.id, alias)))?.versionId ?? null,
        promote: ({ model, version, alias, releaseRef }) => promote(client, model, version, alias, releaseRef),
      },
      close: client.close,
    };
  },
};

async function listModels(client: VertexClient, token: string | null, size: number) {
  const page = await client.models(token, size);
  return { records: page.models, next: page.nextPageToken };
}

async function withVersions(client: VertexClient, model: Model, raw: unknown) {
  const records = await ifThere(() =>
    everyRecord(system, async (token) => {
      const page = await client.versions(idOf(model.name), token);
      return { records: page.models, next: page.nextPageToken };
    }),
  );
  if (records === null) return { models: [], versions: [], bad: [] as BadRecord[] };
  const { good, bad } = sift("versions", versionShape, records, ["name", "versionId"]);
  const versions = good.map(({ value, raw: record }) => seenVersion(refOf(model), value, record));
  return {
    models: [
      seenModel(
        model,
        good.map((g) => g.value),
        raw,
      ),
    ],
    versions,
    bad,
  };
}

async function test(client: VertexClient, location: string) {
  const { attempt, answer } = prober();
  let models: number | null = null;
  let more = false;
  let first: string | undefined;
  const listed = await attempt("List models", "aiplatform.models.list", async () => {
    const page = await client.models(null);
    models = page.models.length;
    more = page.nextPageToken !== null;
    first = page.models.flatMap((m) => modelShape.safeParse(m).data?.name ?? [])[0];
    return countOf(models, more);
  });
  const name = first;
  if (listed && name)
    await attempt("List a model's versions", "aiplatform.models.list", async () => {
      await client.versions(idOf(name), null, 1);
      return "readable";
    });
  if (listed)
    await attempt("List endpoints", "aiplatform.endpoints.list", async () => {
      const page = await client.endpoints(null, 1);
      return page.endpoints.length > 0 ? "readable" : "none yet";
    });
  return answer(`Vertex AI in ${location} with ${countOf(models ?? 0, more)}.`, {
    identity: client.identity,
    models,
    more,
    skewMs: client.skewMs(),
  });
}

/** Labels are lower case; the release's reference is written so. */
async function promote(
  client: VertexClient,
  model: ModelRef,
  version: string,
  alias: string,
  ref: string,
): Promise<Write[]> {
  const label = ref.toLowerCase();
  const writes: Write[] = [];
  const now = await client.version(model.id, version);
  if (!(now.versionAliases ?? []).includes(alias)) {
    const holder = await ifThere(() => client.version(model.id, alias));
    // An alias stands on one version: it is taken off the other first, so that both ways in which a server may see it agree.
    if (holder && holder.versionId !== version) {
      await client.mergeAliases(model.id, holder.versionId, [`-${alias}`]);
      writes.push({ request: `mergeVersionAliases ${model.id}@${holder.versionId} -${alias}`, response: "done" });
    }
    const done = await client.mergeAliases(model.id, version, [alias]);
    if (!(done.versionAliases ?? []).includes(alias))
      throw new UpstreamFault(
        "server",
        `Vertex AI accepted the alias ${alias} on ${model.name} ${version} but does not show it.`,
      );
    writes.push({
      request: `mergeVersionAliases ${model.id}@${version} ${alias}`,
      response: `versionAliases: ${(done.versionAliases ?? []).join(", ")}`,
    });
  }
  if (now.labels?.countersign_release !== label) {
    await client.label(model.id, version, { ...now.labels, countersign_release: label });
    writes.push({ request: `patch ${model.id}@${version} labels.countersign_release=${label}`, response: "done" });
  }
  return writes;
}
