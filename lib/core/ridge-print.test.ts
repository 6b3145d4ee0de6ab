import { expect, test } from "vitest";
import { ridgePrint } from "./ridge-print";

const hex = "00ff01fe02fd03fc04fb05fa06f907f808f709f60af50bf40cf30df20ef10ff0";

test("five bars of a key and nine of a statement, pinned", () => {
  expect(ridgePrint(hex, 5)).toEqual([
    { top: 0, bottom: 7 },
    { top: 1, bottom: 6 },
    { top: 2, bottom: 5 },
    { top: 3, bottom: 4 },
    { top: 0, bottom: 7 },
  ]);
  expect(ridgePrint(hex, 9)).toHaveLength(9);
});

test("hex and the SHA256: form of the same hash give the same print", () => {
  const base64 = Buffer.from(hex, "hex").toString("base64").replace(/=+$/, "");
  expect(ridgePrint(`SHA256:${base64}`, 9)).toEqual(ridgePrint(hex, 9));
});

test("a bar never turns over, and a short hash is refused", () => {
  for (const ridge of ridgePrint(hex, 9)) expect(ridge.bottom).toBeGreaterThan(ridge.top);
  expect(() => ridgePrint("00ff", 5)).toThrow("at least 10 bytes");
});
