import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Operation } from "@/lib/http/dispatch";
import { operations } from "@/lib/operations";
import { alternatives, inputSchema, type Place, placesIn, validInput, withValue } from "@/lib/testing/inputs";
import { api, known, notAProblem, offered, openApi, read, rowCounts } from "./asking";

beforeAll(openApi);
afterAll(() => api.drop());

const named = (faults: readonly string[], at: Place["at"]): boolean => {
  const field = at.join(".");
  return faults.some((f) => f === field || f.startsWith(`${field}.`) || (f !== "" && field.startsWith(`${f}.`)));
};

/** Values that a place must refuse, in words about that place. Query values are text, so less can be wrong with them. */
function wrongFor({ at, schema }: Place, inQuery: boolean, inPath: boolean): [string, unknown][] {
  const kinds = alternatives(schema).flatMap((s) => (typeof s === "object" ? s.type : undefined));
  const kind = kinds[0];
  const texts: [string, unknown][] = [
    ["NUL", "a\0b"],
    ["text without end", "x".repeat(inPath || inQuery ? 20_000 : 300_000)],
  ];
  if (inPath) return texts;
  if (inQuery)
    return [
      ...texts,
      ...(kinds.includes("array") || at.length > 1 ? [] : [["given twice", ["a", "b"]] as [string, unknown]]),
    ];
  const wrong: [string, unknown][] = [...texts, ["a lone surrogate", "a\ud800b"]];
  if (kind === undefined) return wrong;
  if (!kinds.includes("object")) wrong.push(["an object", {}], ["a nested object", { a: { b: [] } }]);
  if (!kinds.includes("array")) wrong.push(["an array", []], ["an array of itself", [["a"]]]);
  if (!kinds.includes("null") && at.length > 0) wrong.push(["null", null]);
  if (!kinds.includes("boolean")) wrong.push(["true", true]);
  if (!kinds.includes("string")) wrong.push(["text", "twelve"]);
  if (!kinds.includes("number") && !kinds.includes("integer")) wrong.push(["a number", 12]);
  if (kind === "integer") wrong.push(["a fraction", 1.5], ["a huge number", 1e300]);
  if (schema.maximum !== undefined) wrong.push(["too much", schema.maximum + 1]);
  if (schema.minimum !== undefined) wrong.push(["too little", schema.minimum - 1]);
  if (schema.enum) wrong.push(["an unknown word", "moon"]);
  if (schema.maxLength !== undefined) wrong.push(["one character too long", "x".repeat(schema.maxLength + 1)]);
  if (schema.format) wrong.push([`no ${schema.format}`, "not-a-thing"]);
  return wrong;
}

describe.each(offered)("$title", ({ operation, http, inPath, request }) => {
  const valid = () => validInput(operation.spec, known, "all");
  const object = (value: unknown): Record<string, unknown> => (typeof value === "object" ? { ...value } : {});

  test("refuses every wrong value by the name of its field, and writes nothing", async () => {
    const before = await rowCounts();
    const wrong: string[] = [];
    for (const place of placesIn(inputSchema(operation.spec.input))) {
      const [field] = place.at;
      if (field === undefined) continue;
      for (const [what, value] of wrongFor(place, http.method === "GET", inPath.has(String(field)))) {
        const answer = await read(await request(object(withValue(valid(), place.at, value))));
        const fault =
          notAProblem(answer) ??
          (answer.status === 400 && named(answer.faults, place.at)
            ? null
            : `answered ${answer.status} about ${answer.faults.join(", ") || answer.body.detail}`);
        if (fault) wrong.push(`${place.at.join(".")} = ${what}: ${fault}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(await rowCounts()).toEqual(before);
  });

  test("refuses unknown fields at every depth, and writes nothing", async () => {
    const before = await rowCounts();
    const wrong: string[] = [];
    const places = placesIn(inputSchema(operation.spec.input)).filter(
      ({ schema }) => schema.type === "object" && typeof schema.additionalProperties !== "object",
    );
    for (const { at } of http.method === "GET" ? places.filter((p) => p.at.length === 0) : places)
      for (const key of ["surprise", "constructor", "toString"]) {
        const answer = await read(await request(object(withValue(valid(), [...at, key], "x"))));
        const fault = notAProblem(answer) ?? (named(answer.faults, [...at, key]) ? null : `names ${answer.faults}`);
        if (fault) wrong.push(`${[...at, key].join(".")}: ${fault}`);
      }
    expect(wrong).toEqual([]);
    expect(await rowCounts()).toEqual(before);
  });

  test("never fails on our side, whatever well-formed values it is given", async () => {
    const wrong: string[] = [];
    for (const [n, place] of placesIn(inputSchema(operation.spec.input)).entries())
      for (const value of shareOf(edges(place), offered.findIndex((o) => o.operation === operation) + n)) {
        const answer = await read(await request(object(withValue(valid(), place.at, value))));
        if (answer.status >= 500)
          wrong.push(
            `${place.at.join(".")} = ${JSON.stringify(value).slice(0, 80)}: ${answer.status} ${answer.body.detail}`,
          );
      }
    expect(wrong).toEqual([]);
  });
});

/**
 * A place is given every third of many values, the next one the next third: there are some 1,500 places, and what a value does is
 * seldom a matter of one of them. BAD_INPUT=all gives each place all.
 */
const shareOf = (values: readonly unknown[], turn: number): readonly unknown[] =>
  process.env.BAD_INPUT === "all" || values.length < 12 ? values : values.filter((_, i) => (i + turn) % 3 === 0);

/** Values at the edge of what a place allows, or of what the database can hold. */
function edges({ schema }: Place): readonly unknown[] {
  if (schema.type === "integer" || schema.type === "number")
    return [schema.maximum ?? 2 ** 53 - 1, 2 ** 53 - 1, 2 ** 31, "", " ", "NaN", "Infinity", "0x10", "-0"];
  if (schema.type !== "string" || schema.enum) return [];
  if (schema.format === "date") return ["0000-01-01", "0001-01-01", "9999-12-31"];
  if (schema.format === "date-time")
    return ["0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z", `2026-11-20T10:00:00.${"1".repeat(300)}Z`];
  const nines = "9".repeat(25);
  const id = "01a1fd70-10d3-71cb-bf07-e7eea3627b34";
  const cursors = [
    nines,
    "_",
    "x_y",
    `${nines}_${id}`,
    `1_${"-".repeat(36)}`,
    `0_${id}`,
    "2026-:T_-",
    `0000-01-01_${id}`,
    `2026-13-45_${id}`,
    "0000-01-01_CON-1",
    "2026-13-45_CON-1",
    `999999999999999_${id}`,
  ];
  const refs = ["REV", "ADR", "REL", "INC", "UC", "CON", "FND", "WVR"].map((p) => `${p}-${nines}`);
  const coded = ["[]", '{"a":1}', '["x","y"]', `["0000-01-01","${id}"]`].map((s) =>
    Buffer.from(s).toString("base64url"),
  );
  return ["%", "\\", "' or 1=1 --", "𝒳\u202e", "..", "-1", id, "0".repeat(64), ...cursors, ...refs, ...coded];
}

test("every operation that the API offers was asked", () => {
  expect(offered.length).toBeGreaterThan(100);
  expect(operations.filter((o: Operation) => o.spec.http).length).toBe(offered.length);
});
