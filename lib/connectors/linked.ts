import "server-only";
import type { z } from "zod";
import { parseJson } from "./answer";
import { UpstreamFault } from "./fault";
import type { Call, HttpClient } from "./http";

export type LinkedPage = { records: unknown[]; next: string | null };

/**
 * Lists whose next page is named by the Link header (RFC 8288, rel="next"), which carries the cursor. A page may be empty and not be
 * the last; a next page on another server is not followed.
 */
export function linkedLists(
  system: string,
  http: HttpClient,
  baseUrl: string,
  /** A page, made into the list of its records. */
  shape: z.ZodType<unknown[]>,
  accept?: string,
) {
  const base = new URL(baseUrl);
  const prefix = base.pathname.replace(/\/$/, "");
  const nextOf = (link: string | string[] | undefined): string | null => {
    const match = /<([^>]+)>;\s*rel="next"/.exec(Array.isArray(link) ? link.join(",") : (link ?? ""));
    if (!match) return null;
    const url = new URL(match[1] ?? "", base);
    if (url.origin !== base.origin)
      throw new UpstreamFault("redirect", `${system} names a next page on ${url.origin}, which is another server.`);
    return `${url.pathname.startsWith(prefix) ? url.pathname.slice(prefix.length) : url.pathname}${url.search}`;
  };
  const page = async (path: string, permission: string): Promise<LinkedPage> => {
    const call: Call = { method: "GET", path, permission, accept: accept ?? "application/json" };
    const answer = await http.bytes(call);
    return { records: parseJson(system, call, answer, shape), next: nextOf(answer.headers.link) };
  };
  return {
    page,
    /** Every record, of `pages` pages at most. */
    every: async (first: string, permission: string, pages = 500): Promise<unknown[]> => {
      const all: unknown[] = [];
      const seen = new Set<string>();
      for (let path: string | null = first; path !== null && seen.size < pages; ) {
        if (seen.has(path))
          throw new UpstreamFault("shape", `${system} names a page it gave already, so its list has no end.`);
        seen.add(path);
        const { records, next }: LinkedPage = await page(path, permission);
        all.push(...records);
        path = next;
      }
      return all;
    },
  };
}
