import "server-only";
import type { z } from "zod";
import { config } from "@/lib/config/config";
import { signer } from "@/lib/connectors/databricks/auth";
import { UpstreamFault } from "@/lib/connectors/fault";
import { type HttpLimits, httpClient } from "@/lib/connectors/http";
import type { Target } from "@/lib/connectors/registry";
import {
  artifactList,
  downloadUri,
  empty,
  experimentsPage,
  modelAnswer,
  modelsPage,
  modelVersionShape,
  type Run,
  runAnswer,
  runsPage,
  versionAnswer,
  versionsPage,
} from "./shapes";

export type MlflowClient = ReturnType<typeof mlflowClient>;

/** The part of MLflow's REST API that Countersign uses (mlflow.org/docs/latest/api_reference/rest-api.html). */
export function mlflowClient(target: Target, limits: Partial<HttpLimits> = {}) {
  const within = { timeoutMs: config().connectorTimeoutMs, ...limits };
  const http = httpClient("MLflow", target.baseUrl, signer("MLflow", target, within), within);
  const api = (path: string, query: Readonly<Record<string, string | number | null | undefined>> = {}): string => {
    const search = new URLSearchParams();
    for (const [key, value] of Object.entries(query)) {
      if (value !== null && value !== undefined) search.set(key, String(value));
    }
    const text = search.toString();
    return `/api/2.0/mlflow/${path}${text ? `?${text}` : ""}`;
  };

  return {
    /** The server's version, or null where it does not say (a proxy, Databricks). */
    serverVersion: async (): Promise<string | null> => {
      try {
        const { body } = await http.bytes({ method: "GET", path: "/version" }, 4096);
        const text = body.toString("utf8").trim();
        return /^\d+\.\d+[\w.]*$/.test(text) ? text : null;
      } catch (error) {
        // Only the API counts: a server that hides its version is still usable.
        if (
          error instanceof UpstreamFault &&
          ["not_found", "forbidden", "unauthorized", "rejected", "redirect", "too_large"].includes(error.kind)
        )
          return null;
        throw error;
      }
    },

    /** A page of registered models with their aliases, by name. */
    models: (pageToken: string | null, max = 1000) =>
      http.json(
        {
          method: "GET",
          path: api("registered-models/search", { max_results: max, order_by: "name ASC", page_token: pageToken }),
          permission: "READ on the model registry",
        },
        modelsPage,
      ),

    /** A page of versions; the order makes a watermark possible, since MLflow cannot filter by time. */
    versions: (
      order: "last_updated_timestamp DESC" | "name ASC",
      pageToken: string | null,
      filter: string | null = null,
      max = 1000,
    ) =>
      http.json(
        {
          method: "GET",
          path: api("model-versions/search", { max_results: max, order_by: order, page_token: pageToken, filter }),
          permission: "READ on the model registry",
        },
        versionsPage,
      ),

    /** A registered model as it comes, or null where there is none. */
    model: async (name: string): Promise<unknown> => {
      try {
        return (await http.json({ method: "GET", path: api("registered-models/get", { name }) }, modelAnswer))
          .registered_model;
      } catch (error) {
        if (error instanceof UpstreamFault && isAbsent(error)) return null;
        throw error;
      }
    },

    /** A run, or null when it was deleted or lies on another tracking server. */
    run: async (runId: string): Promise<Run | null> => {
      try {
        return (await http.json({ method: "GET", path: api("runs/get", { run_id: runId }) }, runAnswer)).run;
      } catch (error) {
        if (error instanceof UpstreamFault && isAbsent(error)) return null;
        throw error;
      }
    },

    /** Every experiment's id and name; runs are searched by experiment. */
    experiments: async (): Promise<{ experiment_id: string; name: string }[]> => {
      const all: { experiment_id: string; name: string }[] = [];
      let token: string | null = null;
      do {
        const page: z.output<typeof experimentsPage> = await http.json(
          {
            method: "POST",
            path: api("experiments/search"),
            body: { max_results: 1000, view_type: "ALL", ...(token ? { page_token: token } : {}) },
            repeatable: true,
          },
          experimentsPage,
        );
        all.push(...page.experiments);
        token = page.next_page_token === token ? null : page.next_page_token;
      } while (token);
      return all;
    },

    /** Runs by id, in one request; those that do not exist are left out. */
    runs: async (experimentIds: readonly string[], runIds: readonly string[]): Promise<unknown[]> =>
      (
        await http.json(
          {
            method: "POST",
            path: api("runs/search"),
            body: {
              experiment_ids: experimentIds,
              filter: `attributes.run_id IN (${runIds.map((id) => `'${id.replaceAll("'", "")}'`).join(", ")})`,
              run_view_type: "ALL",
              max_results: runIds.length,
            },
            repeatable: true,
          },
          runsPage,
        )
      ).runs,

    /** Where a version's files lie, e.g. mlflow-artifacts:/1/models/m-…/artifacts. */
    artifactUri: async (name: string, version: string): Promise<string> =>
      (await http.json({ method: "GET", path: api("model-versions/get-download-uri", { name, version }) }, downloadUri))
        .artifact_uri,

    /** The version an alias stands on, or null. */
    aliasVersion: async (name: string, alias: string): Promise<string | null> => {
      try {
        const { model_version } = await http.json(
          { method: "GET", path: api("registered-models/alias", { name, alias }) },
          versionAnswer,
        );
        return modelVersionShape.shape.version.parse(model_version.version);
      } catch (error) {
        if (error instanceof UpstreamFault && (error.kind === "not_found" || error.kind === "rejected")) return null;
        throw error;
      }
    },

    /** Setting an alias twice does no harm, so it may be repeated after a broken connection. */
    setAlias: async (name: string, alias: string, version: string): Promise<void> => {
      await http.json(
        { method: "POST", path: api("registered-models/alias"), body: { name, alias, version }, repeatable: true },
        empty,
      );
    },

    setVersionTag: async (name: string, version: string, key: string, value: string): Promise<void> => {
      await http.json(
        { method: "POST", path: api("model-versions/set-tag"), body: { name, version, key, value }, repeatable: true },
        empty,
      );
    },

    /** Files below a path of the artifact proxy (`mlflow-artifacts:/…`), one level, and their bytes. */
    proxied: (path: string) =>
      http.json(
        { method: "GET", path: `/api/2.0/mlflow-artifacts/artifacts?${new URLSearchParams({ path })}` },
        artifactList,
      ),
    proxiedFile: async (path: string, maxBytes: number): Promise<Buffer> =>
      (
        await http.bytes(
          {
            method: "GET",
            path: `/api/2.0/mlflow-artifacts/artifacts/${path.split("/").map(encodeURIComponent).join("/")}`,
          },
          maxBytes,
        )
      ).body,
    skewMs: http.skewMs,
    close: http.close,
  };
}

const isAbsent = (fault: UpstreamFault): boolean =>
  fault.kind === "not_found" || fault.upstreamCode === "RESOURCE_DOES_NOT_EXIST";
