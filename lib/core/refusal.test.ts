import { expect, test } from "vitest";
import { Refusal, refusalOf } from "./refusal";

test("an error boundary reads a refusal back, and nothing from a fault's digest", () => {
  const refusal = new Refusal("forbidden", "Only the chair decides: ask\nher.");
  expect(refusalOf(refusal.digest)).toEqual({ code: "forbidden", message: "Only the chair decides: ask\nher." });
  expect(refusalOf("3179034211")).toBeNull();
  expect(refusalOf(undefined)).toBeNull();
});
