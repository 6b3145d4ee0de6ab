import { UpstreamFault } from "./fault";
import { emptyPage, type From, type Page, type Stream } from "./registry";
import { clip } from "./text";

/** One kind of listing that a registry is read by; `next` null when it has been read to its end. */
export type Phase = { id: string; read: (token: string | null, from: From) => Promise<Partial<Page>> };

/**
 * Reads listings one after the other as one sequence of pages. The token says which listing and where in it, so a sync that was
 * killed goes on in the middle.
 */
export function phased(system: string, phases: readonly [Phase, ...Phase[]]): (from: From) => Promise<Page> {
  return async (from) => {
    const cut = from.token?.indexOf(":") ?? -1;
    const id = from.token?.slice(0, cut) ?? phases[0].id;
    const token = from.token?.slice(cut + 1) || null;
    const at = phases.findIndex((p) => p.id === id);
    const phase = phases[at];
    if (!phase) throw new UpstreamFault("shape", `${system} has no listing "${id}"; start the sync anew.`);
    const page: Page = { ...emptyPage, ...(await phase.read(token, from)) };
    const after = phases[at + 1];
    return { ...page, next: page.next !== null ? `${id}:${page.next}` : after ? `${after.id}:` : null };
  };
}

/** A listing that the rest does without: where it is denied, what it held before stays, and the page says why. */
export const unlessDenied =
  (stream: Stream, phase: Phase): Phase["read"] =>
  async (token, from) => {
    try {
      return await phase.read(token, from);
    } catch (error) {
      if (error instanceof UpstreamFault && error.kind === "forbidden")
        return { unread: [{ stream, why: clip(error.message, 500) }], next: null };
      throw error;
    }
  };

/** The results of `each` in the order of the items, at most `width` at once; the first failure stops the rest. */
export async function abreast<T, R>(width: number, items: readonly T[], each: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  let failed = false;
  const lane = async () => {
    while (!failed && next < items.length) {
      const at = next++;
      const item = items[at];
      if (item === undefined) continue;
      try {
        results[at] = await each(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
  return results;
}

/** Asks once and remembers the answer; a failure is asked again. */
export function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | null = null;
  return () => {
    answer ??= ask().catch((error: unknown) => {
      answer = null;
      throw error;
    });
    return answer;
  };
}
