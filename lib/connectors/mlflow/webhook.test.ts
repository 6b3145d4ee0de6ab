import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { deliveryFault, modelOf } from "./webhook";

const secret = "whatever-was-made";
const now = new Date("2026-11-20T09:00:00Z");
const raw = Buffer.from(
  '{"entity": "model_version", "action": "created", "data": {"name": "card-fraud-score", "version": "3"}}',
);
const signed = (
  over: { id?: string | null; at?: number; body?: Buffer; key?: string; signature?: string | null } = {},
) => {
  const id = over.id === undefined ? "0198c1de" : over.id;
  const timestamp = String(over.at ?? now.getTime() / 1000);
  const mac = createHmac("sha256", over.key ?? secret)
    .update(`${id}.${timestamp}.`)
    .update(raw)
    .digest("base64");
  return {
    id,
    timestamp,
    signature: over.signature === undefined ? `v1,${mac}` : over.signature,
    raw: over.body ?? raw,
  };
};

test("a delivery signed over its bytes, now, is believed", () => {
  expect(deliveryFault(signed(), secret, now)).toBeNull();
  expect(deliveryFault(signed({ signature: `v1,AAAA ${signed().signature}` }), secret, now)).toBeNull();
});

test.each<[string, Parameters<typeof signed>[0], RegExp]>([
  ["no signature", { signature: null }, /not signed/],
  ["another secret", { key: "another" }, /does not match/],
  [
    "other bytes that mean the same",
    { body: Buffer.from(JSON.stringify(JSON.parse(raw.toString()))) },
    /does not match/,
  ],
  ["a signature that is cut", { signature: "v1,AAAA" }, /does not match/],
  ["another version of signature", { signature: "v2,AAAA" }, /does not match/],
  ["six minutes ago, a replay", { at: now.getTime() / 1000 - 360 }, /older than five minutes/],
  ["ten minutes ahead", { at: now.getTime() / 1000 + 600 }, /ahead/],
  ["a time that is none", { at: Number.NaN }, /older than five minutes/],
])("%s: refused", (_what, over, words) => {
  expect(deliveryFault(signed(over), secret, now)).toMatch(words);
});

test.each([
  [raw.toString(), "card-fraud-score"],
  ['{"entity":"model_version_alias","action":"deleted","data":{"name":"m","alias":"champion"}}', "m"],
  ['{"entity":"prompt","action":"created","data":{"name":"greeting"}}', null],
  ['{"entity":"model_version","action":"created","data":{}}', null],
  ["not json", null],
])("%s speaks of %s", (text, model) => {
  expect(modelOf(Buffer.from(text))).toBe(model);
});
