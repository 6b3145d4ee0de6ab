import { concat } from "@/lib/signing/bytes";
import { type Hash, tileWidth } from "./merkle";

/** A tile of C2SP tlog-tiles: `level` "entries" holds leaf data, a number the hashes of that level. `width` < 256 is the partial one at the edge. */
export type Tile = { level: number | "entries"; n: number; width: number };

/** Reads the path after `tile/`, e.g. `0/x001/234`, `entries/000.p/17`; null if it is no tile path in its one canonical spelling. */
export function parseTilePath(path: string): Tile | null {
  const [, levelText, groups = "", last, widthText] =
    /^(\d|[1-5]\d|6[0-3]|entries)\/((?:x\d{3}\/)*)(\d{3})(?:\.p\/([1-9]\d{0,2}))?$/.exec(path) ?? [];
  if (!levelText || !last) return null;
  const width = widthText ? Number(widthText) : tileWidth;
  const n = Number(groups.replaceAll(/[x/]/g, "") + last);
  const tile: Tile = { level: levelText === "entries" ? "entries" : Number(levelText), n, width };
  if ((widthText && width >= tileWidth) || !Number.isSafeInteger(n) || tilePath(tile) !== path) return null;
  return tile;
}

/** `x001/x234/067` for 1234067; `.p/W` for a partial tile. */
export function tilePath({ level, n, width }: Tile): string {
  let path = String(n % 1000).padStart(3, "0");
  for (let rest = Math.floor(n / 1000); rest > 0; rest = Math.floor(rest / 1000))
    path = `x${String(rest % 1000).padStart(3, "0")}/${path}`;
  return `${level}/${path}${width < tileWidth ? `.p/${width}` : ""}`;
}

/** How many hashes (or entries) of the tile exist in a tree of `size`; null if the tile lies beyond it. */
export function widthIn({ level, n }: Tile, size: number): number | null {
  const count = level === "entries" ? size : Math.floor(size / tileWidth ** level);
  const width = Math.min(tileWidth, count - n * tileWidth);
  return width > 0 ? width : null;
}

export const hashTile = (hashes: readonly Hash[]): Uint8Array => concat(...hashes);

/** Entries, each after its length as uint16. */
export function entryBundle(entries: readonly Uint8Array[]): Uint8Array {
  return concat(
    ...entries.flatMap((entry) => {
      if (entry.length > 65_535) throw new RangeError("A log entry has at most 65,535 bytes.");
      return [Uint8Array.of(entry.length >> 8, entry.length & 0xff), entry];
    }),
  );
}

/** The entries of a bundle; throws if it is cut short. */
export function entriesOf(bundle: Uint8Array): Uint8Array[] {
  const out: Uint8Array[] = [];
  for (let at = 0; at < bundle.length; ) {
    const length = ((bundle[at] ?? 0) << 8) | (bundle[at + 1] ?? 0);
    const end = at + 2 + length;
    if (end > bundle.length || at + 2 > bundle.length) throw new Error("The entry bundle is cut short.");
    out.push(bundle.subarray(at + 2, end));
    at = end;
  }
  return out;
}
