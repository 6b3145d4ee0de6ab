import "server-only";
import type { z } from "zod";
import { abreast, phased, unlessDenied } from "@/lib/connectors/phases";
import { countOf, prober } from "@/lib/connectors/probe";
import type { BadRecord, ModelRef, Registry, Write } from "@/lib/connectors/registry";
import { sift } from "@/lib/connectors/sift";
import { everyRecord, ifThere, someRecords, walkModels } from "@/lib/connectors/walk";
import { type AzuremlClient, azuremlClient } from "./client";
import { noDigest, refOf, seenModel, seenServing, seenVersion } from "./map";
import {
  type Container,
  containerShape,
  deploymentShape,
  type Endpoint,
  endpointShape,
  type list,
  type Version,
  versionShape,
} from "./shapes";

const system = "Azure Machine Learning";
const page = ({ value, nextLink }: z.output<typeof list>) => ({ records: value, next: nextLink });

/** A workspace or registry of Azure Machine Learning: models, their versions, and (of a workspace) online endpoints. */
export const azureMl: Registry = {
  open: (target, limits) => {
    const setting = (name: string): string => String(target.settings[name] ?? "");
    const kind = setting("kind") === "registries" ? "registries" : "workspaces";
    const name = setting("name");
    const client = azuremlClient(
      {
        baseUrl: target.baseUrl,
        tenant: setting("tenant"),
        clientId: target.username ?? "",
        clientSecret: target.secret ?? "",
        subscription: setting("subscription"),
        resourceGroup: setting("resourceGroup"),
        kind,
        name,
      },
      limits,
    );
    const models = {
      id: "models",
      read: walkModels({
        system,
        schema: containerShape,
        keys: ["name"],
        idOf: (name) => name,
        list: async (token) => page(await client.models(token)),
        withVersions: (container, raw) => withVersions(client, container, raw),
      }),
    };
    const endpoints = {
      id: "endpoints",
      read: unlessDenied("serving", {
        id: "endpoints",
        read: async (token) => {
          const listed = await client.endpoints(token);
          const { good, bad } = sift("serving", endpointShape, listed.value, ["name"]);
          const read = await abreast(4, good, ({ value }) => withDeployments(client, value, name));
          return {
            serving: read.flatMap((r) => r.serving),
            bad: [...bad, ...read.flatMap((r) => r.bad)],
            next: listed.nextLink,
          };
        },
      }),
    };
    return {
      test: () => test(client, kind, name, target.username),
      outline: async (most) => {
        const { records, more } = await someRecords(system, async (link) => page(await client.models(link)), most);
        const { good } = sift("models", containerShape, records, ["name"]);
        return {
          models: good.map(({ value }) => ({ ref: refOf(value.name), versions: null })),
          more,
          versions: null,
        };
      },
      // A registry serves nothing itself: workspaces deploy from it.
      read: kind === "registries" ? phased(system, [models]) : phased(system, [models, endpoints]),
      artifacts: async () => ({ digest: null, source: noDigest, facts: {} }),
      promotion: {
        readBack: async (model, stage) => (await staged(client, model.id, stage))[0]?.name ?? null,
        promote: ({ model, version, alias, releaseRef }) => promote(client, model, version, alias, releaseRef),
      },
      close: client.close,
    };
  },
};

const versionsOf = (client: AzuremlClient, model: string) =>
  everyRecord(system, async (token) => page(await client.versions(model, token)));

async function withVersions(client: AzuremlClient, container: Container, raw: unknown) {
  const records = await ifThere(() => versionsOf(client, container.name));
  if (records === null) return { models: [], versions: [], bad: [] as BadRecord[] };
  const { good, bad } = sift("versions", versionShape, records, ["id"]);
  return {
    models: [
      seenModel(
        container,
        good.map((g) => g.value),
        raw,
      ),
    ],
    versions: good.map(({ value, raw: record }) => seenVersion(refOf(container.name), value, record)),
    bad,
  };
}

async function withDeployments(client: AzuremlClient, endpoint: Endpoint, own: string) {
  const records =
    (await ifThere(() => everyRecord(system, async (token) => page(await client.deployments(endpoint.name, token))))) ??
    [];
  const { good, bad } = sift("serving", deploymentShape, records, ["id"]);
  return {
    serving: seenServing(
      endpoint,
      good.map((g) => g.value),
      own,
    ),
    bad,
  };
}

async function test(client: AzuremlClient, kind: "workspaces" | "registries", name: string, clientId: string | null) {
  const { attempt, answer } = prober();
  let models: number | null = null;
  let more = false;
  let first: string | undefined;
  const listed = await attempt("List models", client.grant("models/read"), async () => {
    const found = await client.models(null);
    models = found.value.length;
    more = found.nextLink !== null;
    first = found.value.flatMap((m) => containerShape.safeParse(m).data?.name ?? [])[0];
    return countOf(models, more);
  });
  const model = first;
  if (listed && model)
    await attempt("List a model's versions", client.grant("models/versions/read"), async () => {
      await client.versions(model, null);
      return "readable";
    });
  if (listed && kind === "workspaces") {
    let endpoint: string | undefined;
    const endpoints = await attempt("List online endpoints", client.grant("onlineEndpoints/read"), async () => {
      const found = await client.endpoints(null);
      endpoint = found.value.flatMap((e) => endpointShape.safeParse(e).data?.name ?? [])[0];
      return countOf(found.value.length, found.nextLink !== null, "endpoint");
    });
    const of = endpoint;
    if (endpoints && of)
      await attempt("List an endpoint's deployments", client.grant("onlineEndpoints/deployments/read"), async () => {
        await client.deployments(of, null);
        return "readable";
      });
  }
  return answer(`The ${kind === "workspaces" ? "workspace" : "registry"} ${name} with ${countOf(models ?? 0, more)}.`, {
    identity: clientId ? `service principal ${clientId}` : null,
    models,
    more,
    skewMs: client.skewMs(),
  });
}

/**
 * Sets a version's stage and notes the release beside it. A stage stands on the newest version that has it, so newer ones lose it.
 * Azure takes a version's properties only as a whole: what it gave is given back, with these changed.
 */
async function promote(
  client: AzuremlClient,
  model: ModelRef,
  version: string,
  stage: string,
  ref: string,
): Promise<Write[]> {
  const target = await client.version(model.id, version);
  const writes: Write[] = [];
  const put = async (v: Version, to: string | null, tags: Record<string, string>) => {
    const { provisioningState: _, ...writable } = v.properties;
    await client.putVersion(model.id, v.name, { ...writable, stage: to, tags });
    writes.push({
      request: `PUT models/${model.id}/versions/${v.name} stage=${to ?? "none"} tags.countersign.release=${ref}`,
      response: "accepted",
    });
  };
  const tags = { ...target.properties.tags, "countersign.release": ref };
  if (target.properties.stage !== stage || target.properties.tags["countersign.release"] !== ref)
    await put(target, stage, tags);
  for (const v of await staged(client, model.id, stage))
    if (v.systemData.createdAt > target.systemData.createdAt) await put(v, null, { ...v.properties.tags });
  return writes;
}

/** The versions that a stage stands on, newest first. */
async function staged(client: AzuremlClient, model: string, stage: string): Promise<Version[]> {
  const { good } = sift("versions", versionShape, await versionsOf(client, model), ["id"]);
  return good
    .map((g) => g.value)
    .filter((v) => v.properties.stage === stage && !v.properties.isArchived)
    .sort((a, b) => (a.systemData.createdAt < b.systemData.createdAt ? 1 : -1));
}
