import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { utf8 } from "@/lib/signing/bytes";
import { ed25519Raw } from "@/lib/signing/spki";
import { logKeyOf, signCheckpoint, verifyCheckpoint, vkey } from "./checkpoint";
import { emptyRoot, verifyConsistency } from "./merkle";
import { rootOfEntries } from "./tree";
import { verifyLog } from "./verify-log";

const pair = generateKeyPairSync("ed25519");
const key = { origin: "log.test", raw: ed25519Raw(pair.publicKey.export({ format: "der", type: "spki" })) };
const entries = Array.from({ length: 700 }, (_, i) => utf8(`entry ${i}`));
const signed = (list: readonly Uint8Array[], origin = key.origin, secret = pair.privateKey) =>
  signCheckpoint({ origin, ...rootOfEntries(list) }, key, secret);
async function* inBatches(list: readonly Uint8Array[]) {
  for (let i = 0; i < list.length; i += 256) yield list.slice(i, i + 256);
}
const verdict = (list: readonly Uint8Array[], checkpoint = signed(entries)) =>
  verifyLog(inBatches(list), checkpoint, key);

test("the entries of a log give its signed root; later entries than the checkpoint's are left for the next", async () => {
  expect(await verdict(entries)).toEqual({ ok: true, entries: 700, why: null });
  expect(await verdict([...entries, utf8("more")])).toEqual({ ok: true, entries: 700, why: null });
  expect(await verdict([], signed([]))).toEqual({ ok: true, entries: 0, why: null });
});

test.each<[string, Uint8Array[]]>([
  ["39: an entry removed in the middle", [...entries.slice(0, 300), ...entries.slice(301), utf8("x")]],
  ["40: an entry edited", entries.map((e, i) => (i === 300 ? utf8("entry 30O") : e))],
  ["41: two entries swapped", entries.map((e, i) => entries[i === 10 ? 11 : i === 11 ? 10 : i] ?? e)],
  ["an entry slipped in", [utf8("first"), ...entries]],
])("%s shows", async (_, list) => {
  expect(await verdict(list)).toMatchObject({ ok: false, why: expect.stringContaining("at least one was changed") });
});

test("51: an empty log has the empty root and no other, and is no beginning of a log that is not empty", async () => {
  expect(await verdict([], signed([]))).toEqual({ ok: true, entries: 0, why: null });
  const forged = signCheckpoint({ origin: key.origin, size: 0, root: new Uint8Array(32) }, key, pair.privateKey);
  expect(await verdict([], forged)).toMatchObject({ ok: false, why: expect.stringContaining("signed root") });
  expect(verifyConsistency(0, 700, [], emptyRoot, rootOfEntries(entries).root)).toBe(true);
  expect(verifyConsistency(0, 700, [], new Uint8Array(32), rootOfEntries(entries).root)).toBe(false);
  expect(await verdict([], signed(entries))).toMatchObject({ ok: false, why: expect.stringContaining("only 0 are") });
});

test("39: the tail cut off shows", async () => {
  expect(await verdict(entries.slice(0, -1))).toEqual({
    ok: false,
    entries: 699,
    why: "the checkpoint covers 700 entries, only 699 are there",
  });
});

const stranger = generateKeyPairSync("ed25519");
const strangerRaw = ed25519Raw(stranger.publicKey.export({ format: "der", type: "spki" }));
test.each<[string, string, RegExp]>([
  [
    "47: a checkpoint signed by another key under the right key id",
    signed(entries, key.origin, stranger.privateKey),
    /does not match/,
  ],
  [
    "47: the right name, but the key id of another key",
    signCheckpoint({ origin: key.origin, ...rootOfEntries(entries) }, { ...key, raw: strangerRaw }, pair.privateKey),
    /no signature by the log's key/,
  ],
  ["47: a checkpoint of another log", signed(entries, "log.evil"), /is of log.evil/],
  ["a changed size", signed(entries).replace("\n700\n", "\n701\n"), /does not match/],
  ["a size in another spelling", signed(entries).replace("\n700\n", "\n0700\n"), /not a decimal number/],
  ["extension lines", signed(entries).replace("\n\n", "\nextra\n\n"), /three lines/],
  ["no signature", `${signed(entries).split("\n\n")[0]}\n\n`, /not a signed note/],
  [
    "two signatures by the same key",
    `${signed(entries)}${signed(entries).split("\n\n")[1]}`,
    /no signature by the log's key/,
  ],
  ["nothing", "", /not a signed note/],
])("refused: %s", (_, note, why) => {
  expect(verifyCheckpoint(note, key)).toMatchObject({ ok: false, why: expect.stringMatching(why) });
});

test("48: lines of witnesses are tolerated and count for nothing", () => {
  const witnessed = `${signed(entries)}— witness.test AAAAAAAAAAAAAAAA\n`;
  expect(verifyCheckpoint(witnessed, key).ok).toBe(true);
  expect(verifyCheckpoint(witnessed.replace(/— log\.test .*\n/, ""), key).ok).toBe(false);
});

test("a verifier key reads back, and one whose hash is of another key is refused", () => {
  expect(logKeyOf(vkey(key))).toEqual({ origin: "log.test", raw: new Uint8Array(key.raw) });
  const other = vkey({ ...key, raw: new Uint8Array(32) }).split("+");
  expect(() => logKeyOf([...vkey(key).split("+").slice(0, 2), other.at(-1)].join("+"))).toThrow(/not of its key/);
});
