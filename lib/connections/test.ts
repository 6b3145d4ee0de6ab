import "server-only";
import { UpstreamFault } from "@/lib/connectors/fault";
import { countOf } from "@/lib/connectors/probe";
import { openRegistry } from "@/lib/connectors/registries";
import type { Probe, Settings, Target, Tested } from "@/lib/connectors/registry";
import type { SourceFile } from "@/lib/connectors/source";
import { openSource } from "@/lib/connectors/sources";
import { isSource, type RegistrySystem } from "@/lib/connectors/systems";
import { query } from "@/lib/core/query";
import { insist, Refusal } from "@/lib/core/refusal";
import { lookAtGitFiles, overlaid } from "@/lib/sources/git-files";
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
    const inGit = await triedGit(stored?.id ?? "", checked.settings);
    const files = overlaid(stored ? await filesOf(read, stored.id) : [], inGit?.files ?? []);
    const tested = await tried(async () => {
      const client = await openSource(system, target, files, screenLimits);
      return { test: () => client.test(now), close: client.close };
    });
    if (!inGit) return tested;
    return {
      ...tested,
      ok: tested.ok && inGit.probe.ok,
      summary: tested.ok && !inGit.probe.ok ? inGit.probe.text : tested.summary,
      probes: [...tested.probes, inGit.probe],
    };
  },
});

/** Few tries and short waits: someone looks at the screen. */
export const screenLimits = { timeoutMs: 8_000, tries: 2, pauseMs: 200, pauseCapMs: 1_000, budgetMs: 15_000 };

/** The files of SLOs in the repository that the settings name, and how it went; null: they name none. */
async function triedGit(id: string, settings: Settings): Promise<{ files: SourceFile[]; probe: Probe } | null> {
  if (!settings.gitRepository) return null;
  const what = "Read the SLO files in Git";
  try {
    const files = await lookAtGitFiles({ id, settings }, screenLimits);
    const text = `${countOf(files.length, false, "file")} at ${files[0]?.commit?.slice(0, 12) ?? "its newest commit"}`;
    return { files, probe: { what, ok: true, text, missing: null } };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { files: [], probe: { what, ok: false, text: error.message, missing: null } };
  }
}

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
