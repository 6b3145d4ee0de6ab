import { expect, test } from "vitest";
import { literally, parseAsked } from "./search";

test("references, indices and digests are recognised however they are typed", () => {
  expect(parseAsked("REV-0412").ref).toEqual({ kind: "REV", number: 412 });
  expect(parseAsked("rev 412").ref).toEqual({ kind: "REV", number: 412 });
  expect(parseAsked("#48,219").index).toBe(48219);
  expect(parseAsked("48219").index).toBe(48219);
  expect(parseAsked(",").index).toBeNull();
  expect(parseAsked("sha256:C07E88").digest).toBe("c07e88");
  expect(parseAsked("c07e8").digest).toBeNull();
});

test("fields narrow; what is not understood stays text", () => {
  expect(parseAsked("tier:1 fraud stage:live")).toMatchObject({ tier: 1, stage: "live", text: "fraud" });
  expect(parseAsked("kind:person ingrid")).toMatchObject({ kinds: ["person"], text: "ingrid" });
  expect(parseAsked("tier:9 kind:cow x")).toMatchObject({ tier: null, kinds: null, text: "tier:9 kind:cow x" });
});

test("wildcards are letters like any other", () => {
  expect(literally("50%_a\\b")).toBe("50\\%\\_a\\\\b");
});
