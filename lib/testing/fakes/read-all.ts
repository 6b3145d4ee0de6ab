import type { BadRecord, RegistryClient, SeenModel, SeenServing, SeenVersion } from "@/lib/connectors/registry";

/** Everything that a registry told, page after page. */
export type ReadAll = {
  models: SeenModel[];
  versions: SeenVersion[];
  serving: SeenServing[];
  bad: BadRecord[];
  unread: string[];
};

/** Reads a registry from its first page to its last. */
export async function readAll(client: RegistryClient, size = 100, since: number | null = null): Promise<ReadAll> {
  const all: ReadAll = { models: [], versions: [], serving: [], bad: [], unread: [] };
  let token: string | null = null;
  do {
    const page = await client.read({ token, since, size });
    if (page.next !== null && page.next === token) throw new Error(`The page token ${token} repeats.`);
    all.models.push(...page.models);
    all.versions.push(...page.versions);
    all.serving.push(...page.serving);
    all.bad.push(...page.bad);
    all.unread.push(...page.unread.map((u) => `${u.stream}: ${u.why}`));
    token = page.next;
  } while (token !== null);
  return all;
}
