import "server-only";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Reader } from "@/db/client";
import { parse } from "@/lib/core/parse";
import { Refusal } from "@/lib/core/refusal";
import { base64 } from "@/lib/signing/bytes";
import { consistencyProof, inclusionProof } from "./proof";
import { latestCheckpoint } from "./queries";
import { hashReader } from "./store";
import { entryBundle, hashTile, parseTilePath, type Tile, widthIn } from "./tiles";

// What a tile holds never changes; the checkpoint does with every batch.
const forever = "public, max-age=31536000, immutable";
const fresh = "no-cache";

const whole = z
  .string()
  .regex(/^(0|[1-9]\d{0,15})$/, "Give a whole number.")
  .transform(Number);
const inclusionInput = z.strictObject({ index: whole, size: whole.optional() });
const consistencyInput = z.strictObject({ from: whole, to: whole.optional() });

/**
 * The log's own host, for anyone and without sign-in (C2SP tlog-tiles): leaves carry ids and hashes only. Serves what a
 * signed checkpoint covers and nothing beyond it.
 */
export async function answerLog(read: Reader, path: readonly string[], search: URLSearchParams): Promise<Response> {
  const latest = await latestCheckpoint(read);
  if (!latest) throw new Refusal("not_found", "The log has no signed checkpoint yet.");
  const [what] = path;
  const given = Object.fromEntries(search);
  if (what === "checkpoint" && path.length === 1) return respond(latest.note, "text/plain; charset=utf-8", fresh);
  if (what === "tile") {
    const tile = parseTilePath(path.slice(1).join("/"));
    if (!tile)
      throw new Refusal(
        "not_found",
        "That is not the address of a tile. Tiles are at /tile/<level>/<index>[.p/<width>].",
      );
    return respond(await tileBytes(read, tile, latest.size), "application/octet-stream", forever);
  }
  if (what === "inclusion" && path.length === 1) {
    const { index, size = latest.size } = parse(inclusionInput, given);
    if (size > latest.size || index >= size)
      throw new Refusal(
        "not_found",
        `The log has ${latest.size} entries; there is no entry ${index} in a tree of ${size}.`,
      );
    const hashes = await inclusionProof(hashReader(read), index, size);
    return json({ index, size, hashes: hashes.map(base64) }, size === latest.size && !given.size ? fresh : forever);
  }
  if (what === "consistency" && path.length === 1) {
    const { from, to = latest.size } = parse(consistencyInput, given);
    if (to > latest.size || from > to)
      throw new Refusal(
        "not_found",
        `The log has ${latest.size} entries; it cannot compare trees of ${from} and ${to}.`,
      );
    const hashes = await consistencyProof(hashReader(read), from, to);
    return json({ from, to, hashes: hashes.map(base64) }, given.to ? forever : fresh);
  }
  throw new Refusal(
    "not_found",
    "The log offers /checkpoint, /tile/<level>/<index>, /tile/entries/<index>, /inclusion?index=&size= and /consistency?from=&to=.",
  );
}

async function tileBytes(read: Reader, tile: Tile, size: number): Promise<Uint8Array> {
  const width = widthIn(tile, size);
  if (width === null || tile.width > width)
    throw new Refusal("not_found", `The tree of ${size} entries has no such tile yet.`);
  const from = tile.n * 256;
  if (tile.level !== "entries") {
    const { level } = tile;
    return hashTile(await hashReader(read)(Array.from({ length: tile.width }, (_, i) => ({ level, n: from + i }))));
  }
  const { rows } = await read.execute<{ leaf: Buffer }>(sql`
    select e.leaf from log_leaf l join log_entry e on e.id = l.entry_id
    where l.idx >= ${from} and l.idx < ${from + tile.width} order by l.idx`);
  if (rows.length !== tile.width) throw new Error(`Entries ${from} to ${from + tile.width} are not all there.`);
  return entryBundle(rows.map((r) => r.leaf));
}

const respond = (body: string | Uint8Array, type: string, cache: string): Response =>
  new Response(typeof body === "string" ? body : new Uint8Array(body), {
    headers: { "content-type": type, "cache-control": cache, "access-control-allow-origin": "*" },
  });

const json = (body: unknown, cache: string): Response => respond(JSON.stringify(body), "application/json", cache);
