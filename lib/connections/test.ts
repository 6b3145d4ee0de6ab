import "server-only";
import { UpstreamFault } from "@/lib/connectors/fault";
import { type MlflowTarget, mlflowClient } from "@/lib/connectors/mlflow/client";
import { query } from "@/lib/core/query";
import { insist, Refusal } from "@/lib/core/refusal";
import { mayManageConnections, missingCredential, testInput } from "./connection";
import { findConnection, targetOf } from "./find";

/** One thing that was tried, and how it went. */
export type Probe = { what: string; ok: boolean; text: string };
export type TestAnswer = {
  ok: boolean;
  /** One sentence that says it all. */
  summary: string;
  serverVersion: string | null;
  /** Registered models on the first page; `more` when there are further ones. */
  models: number | null;
  more: boolean;
  probes: readonly Probe[];
};

/** Tries a server with the credentials given: what it is, what it holds, and which permission is missing. Writes nothing anywhere. */
export const testConnection = query({
  name: "connection.tested",
  title: "Test a connection",
  http: { method: "POST", path: "/connections/test" },
  input: testInput,
  run: async (read, input, actor): Promise<TestAnswer> => {
    insist(mayManageConnections(actor));
    const stored = input.id ? await findConnection(read, input.id) : null;
    const baseUrl = input.baseUrl ?? stored?.baseUrl;
    if (!baseUrl)
      throw new Refusal("invalid", "baseUrl: give the address.", [{ field: "baseUrl", message: "Give the address." }]);
    const auth = input.auth ?? stored?.auth ?? "none";
    const username = input.username ?? stored?.username ?? null;
    // Else whoever may edit an address could have a stored secret sent to their own server.
    const same = stored !== null && new URL(baseUrl).origin === new URL(stored.baseUrl).origin;
    const secret = input.secret ?? (same ? targetOf(stored).secret : null);
    const missing = missingCredential(auth, username, secret !== null);
    if (missing) throw new Refusal("invalid", `${missing.field}: ${missing.message}`, [missing]);
    return probe({ baseUrl: baseUrl.replace(/\/+$/, ""), auth, username, secret });
  },
});

/** Few tries and short waits: someone looks at the screen. */
const limits = { timeoutMs: 8_000, tries: 2, pauseMs: 200, pauseCapMs: 1_000, budgetMs: 15_000 };

export async function probe(target: MlflowTarget): Promise<TestAnswer> {
  const probes: Probe[] = [];
  let models: number | null = null;
  let more = false;
  let serverVersion: string | null = null;
  let client: ReturnType<typeof mlflowClient>;
  try {
    client = mlflowClient(target, limits);
  } catch (error) {
    if (!(error instanceof UpstreamFault)) throw error;
    return {
      ok: false,
      summary: error.message,
      serverVersion,
      models,
      more,
      probes: [{ what: "Reach the server", ok: false, text: error.message }],
    };
  }
  const attempt = async (what: string, run: () => Promise<string>): Promise<boolean> => {
    try {
      probes.push({ what, ok: true, text: await run() });
      return true;
    } catch (error) {
      if (!(error instanceof UpstreamFault)) throw error;
      probes.push({ what, ok: false, text: error.message });
      return false;
    }
  };
  try {
    const registry = await attempt("List registered models", async () => {
      const page = await client.models(null, 1000);
      models = page.registered_models.length;
      more = page.next_page_token !== null;
      return `${models}${more ? " or more" : ""} registered model${models === 1 && !more ? "" : "s"}`;
    });
    if (registry) {
      let sample: { name: string; runId: string | null } | null = null;
      const versions = await attempt("List model versions", async () => {
        const page = await client.versions("last_updated_timestamp DESC", null, null, 50);
        const withRun = page.model_versions.find((v) => v.run_id);
        const first = withRun ?? page.model_versions[0];
        sample = first ? { name: first.name, runId: first.run_id ?? null } : null;
        return page.model_versions.length === 0 ? "none registered yet" : "readable";
      });
      const runId = (sample as { runId: string | null } | null)?.runId;
      if (versions && runId)
        await attempt("Read runs", async () =>
          (await client.run(runId)) ? "readable" : "the newest version's run was deleted",
        );
    }
    serverVersion = await client.serverVersion().catch((error: unknown) => {
      if (error instanceof UpstreamFault) return null;
      throw error;
    });
  } finally {
    client.close();
  }
  const failed = probes.find((p) => !p.ok);
  return {
    ok: !failed,
    summary:
      failed?.text ??
      `${serverVersion ? `MLflow ${serverVersion}` : "An MLflow API"} with ${models}${more ? " or more" : ""} registered model${models === 1 ? "" : "s"}.`,
    serverVersion,
    models,
    more,
    probes,
  };
}
