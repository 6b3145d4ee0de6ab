import type { z } from "zod";
import { UpstreamFault } from "./fault";
import { abreast, type Phase } from "./phases";
import type { From, Page } from "./registry";
import { sift } from "./sift";

/** How many models' versions are read at once. */
const width = 4;

type Listed = { records: readonly unknown[]; next: string | null };
type WithVersions = Pick<Page, "models" | "versions" | "bad"> & Partial<Pick<Page, "serving" | "unread">>;

export type Walk<S extends z.ZodType> = {
  system: string;
  schema: S;
  /** The fields that tell a model's record apart, and the model's id as they make it. */
  keys: readonly string[];
  idOf: (key: string) => string;
  list: (token: string | null, size: number) => Promise<Listed>;
  withVersions: (model: z.output<S>, raw: unknown) => Promise<WithVersions>;
};

/**
 * Reads a registry that lists models, and versions only model by model. A page holds whole models, at least one: which version an
 * alias stands on is told by the versions. The token says how far into which page of the list.
 */
export function walkModels<S extends z.ZodType>(walk: Walk<S>): Phase["read"] {
  // The page that is being worked through, so that it is not asked for again for each part of it.
  let held: { token: string | null; page: Listed } | null = null;
  return async (place: string | null, { size }: From) => {
    const { at, token } = placeOf(place);
    if (held === null || held.token !== token || at === 0) held = { token, page: await walk.list(token, size) };
    const { page } = held;
    if (page.next !== null && page.next === token) throw endless(walk.system);
    const out = { models: [], versions: [], bad: [], serving: [], unread: [] } as Required<WithVersions>;
    let to = at;
    while (to < page.records.length && to - at < size && out.versions.length < size) {
      const part = page.records.slice(to, to + Math.min(width, size - (to - at)));
      to += part.length;
      const { good, bad } = sift("models", walk.schema, part, walk.keys);
      out.bad.push(...bad.map((b) => ({ ...b, key: b.key === null ? null : walk.idOf(b.key) })));
      for (const read of await abreast(width, good, ({ value, raw }) => walk.withVersions(value, raw))) {
        out.models.push(...read.models);
        out.versions.push(...read.versions);
        out.bad.push(...read.bad);
        out.serving.push(...(read.serving ?? []));
        out.unread.push(...(read.unread ?? []));
      }
    }
    const next = to < page.records.length ? placeAt(to, token) : page.next === null ? null : placeAt(0, page.next);
    return { ...out, next };
  };
}

const endless = (system: string) =>
  new UpstreamFault("shape", `${system} names the page it just gave as the next one, so its list has no end.`);

const placeAt = (at: number, token: string | null): string => `${at} ${token ?? ""}`;

function placeOf(place: string | null): { at: number; token: string | null } {
  const match = /^(\d+) (.*)$/s.exec(place ?? "");
  return { at: Number(match?.[1] ?? 0), token: match?.[2] || null };
}

/** The records of a listing that is read page by page, so many at least as there are, and whether there are more. */
export async function someRecords(
  system: string,
  list: (token: string | null) => Promise<Listed>,
  most: number,
): Promise<{ records: unknown[]; more: boolean }> {
  const records: unknown[] = [];
  let token: string | null = null;
  do {
    const page: Listed = await list(token);
    records.push(...page.records);
    if (page.next !== null && page.next === token) throw endless(system);
    token = page.next;
  } while (token !== null && records.length < most);
  return { records: records.slice(0, most), more: token !== null || records.length > most };
}

/** Every record of a listing that is read page by page. */
export const everyRecord = async (
  system: string,
  list: (token: string | null) => Promise<Listed>,
): Promise<unknown[]> => (await someRecords(system, list, Number.POSITIVE_INFINITY)).records;

/** What `ask` answers, or null when it is not there any more. */
export async function ifThere<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof UpstreamFault && error.kind === "not_found") return null;
    throw error;
  }
}
