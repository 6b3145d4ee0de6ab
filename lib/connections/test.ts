import "server-only";
import { UpstreamFault } from "@/lib/connectors/fault";
import { openRegistry } from "@/lib/connectors/registries";
import type { Target, Tested } from "@/lib/connectors/registry";
import { openSource } from "@/lib/connectors/sources";
import { isSource, type RegistrySystem } from "@/lib/connectors/systems";
import { query } from "@/lib/core/query";
import { insist } from "@/lib/core/refusal";
import { mayManageConnections, testInput } from "./connection";
import { filesOf, findConnection, targetOf } from "./find";
import { checkTarget } from "./settings";

/** Tries a registry or source with the credentials given: what it is, what it holds, and which permission is missing. Writes nothing anywhere. */
export const testConnection = query({
  name: "connection.tested",
  title: "Test a connection",
  http: { method: "POST", path: "/connections/test" },
  input: testInput,
  run: async (read, input, actor, now): Promise<Tested> => {
    insist(mayManageConnections(actor));
    const stored = input.id ? await findConnection(read, input.id) : null;
    const baseUrl = input.baseUrl ?? stored?.baseUrl;
    const username = input.username ?? stored?.username ?? null;
    // Else whoever may edit an address could have a stored secret sent to their own server.
    const same = stored !== null && baseUrl !== undefined && new URL(baseUrl).origin === new URL(stored.baseUrl).origin;
    const secret = input.secret ?? (same ? targetOf(stored).secret : null);
    const system = stored?.system ?? input.system ?? "mlflow";
    const checked = checkTarget({
      system,
      baseUrl,
      auth: input.auth ?? stored?.auth,
      username,
      hasSecret: secret !== null,
      settings: input.settings ?? stored?.settings ?? {},
    });
    const target: Target = { ...checked, username, secret };
    if (!isSource(system)) return probe(system, target);
    const files = stored ? await filesOf(read, stored.id) : [];
    return tried(async () => {
      const client = await openSource(system, target, files, screenLimits);
      return { test: () => client.test(now), close: client.close };
    });
  },
});

/** Few tries and short waits: someone looks at the screen. */
export const screenLimits = { timeoutMs: 8_000, tries: 2, pauseMs: 200, pauseCapMs: 1_000, budgetMs: 15_000 };

/** Tries a registry. */
export const probe = (system: RegistrySystem, target: Target): Promise<Tested> =>
  tried(() => openRegistry(system, target, screenLimits));

async function tried(open: () => Promise<{ test: () => Promise<Tested>; close: () => void }>): Promise<Tested> {
  let client: Awaited<ReturnType<typeof open>>;
  try {
    client = await open();
  } catch (error) {
    if (!(error instanceof UpstreamFault)) throw error;
    return {
      ok: false,
      summary: error.message,
      identity: null,
      serverVersion: null,
      models: null,
      more: false,
      skewMs: null,
      missing: [],
      probes: [{ what: "Reach the server", ok: false, text: error.message, missing: null }],
    };
  }
  try {
    return await client.test();
  } finally {
    client.close();
  }
}
