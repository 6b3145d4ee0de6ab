import type { Kind } from "./type-of";

/** A way to call a function: what it takes, a method's target first, and what it gives. `method` undefined: either way. */
export type Overload = { takes: readonly Kind[]; gives: Kind; method?: boolean };

const numbers = ["int", "uint", "double"] as const;
const same = (kind: Kind): Overload => ({ takes: [kind, kind], gives: kind });
const order: readonly Overload[] = [
  ...numbers.flatMap((a) => numbers.map((b): Overload => ({ takes: [a, b], gives: "bool" }))),
  ...(["string", "bytes", "bool", "timestamp", "duration"] as const).map(
    (k): Overload => ({ takes: [k, k], gives: "bool" }),
  ),
];
const from = (gives: Kind, kinds: readonly Kind[]): Overload[] =>
  kinds.map((kind) => ({ takes: [kind], gives, method: false }));
const onText: readonly Overload[] = [{ takes: ["string", "string"], gives: "bool", method: true }];
const ofInstant: readonly Overload[] = [
  { takes: ["timestamp"], gives: "int", method: true },
  { takes: ["timestamp", "string"], gives: "int", method: true },
];
const ofTime: readonly Overload[] = [...ofInstant, { takes: ["duration"], gives: "int", method: true }];

/** The functions and operators of CEL's standard library that checks may call, except those whose types depend on each other. */
export const overloads: ReadonlyMap<string, readonly Overload[]> = new Map([
  ...["_<_", "_<=_", "_>_", "_>=_"].map((op): [string, readonly Overload[]] => [op, order]),
  [
    "_+_",
    [
      ...numbers.map(same),
      same("string"),
      same("bytes"),
      same("list"),
      same("duration"),
      { takes: ["timestamp", "duration"], gives: "timestamp" },
      { takes: ["duration", "timestamp"], gives: "timestamp" },
    ],
  ],
  [
    "_-_",
    [
      ...numbers.map(same),
      same("duration"),
      { takes: ["timestamp", "timestamp"], gives: "duration" },
      { takes: ["timestamp", "duration"], gives: "timestamp" },
    ],
  ],
  ["_*_", numbers.map(same)],
  ["_/_", numbers.map(same)],
  ["_%_", [same("int"), same("uint")]],
  ["-_", (["int", "double", "duration"] as const).map((k): Overload => ({ takes: [k], gives: k }))],
  ["size", (["string", "bytes", "list", "map"] as const).map((k): Overload => ({ takes: [k], gives: "int" }))],
  ...["contains", "startsWith", "endsWith", "matches"].map((fn): [string, readonly Overload[]] => [fn, onText]),
  ["duration", from("duration", ["string", "duration", "int"])],
  ["timestamp", from("timestamp", ["string", "timestamp", "int"])],
  ["string", from("string", ["string", "int", "uint", "double", "bool", "bytes", "timestamp", "duration"])],
  ["int", from("int", ["int", "uint", "double", "string", "timestamp", "duration"])],
  ["uint", from("uint", ["uint", "int", "double", "string"])],
  ["double", from("double", ["double", "int", "uint", "string"])],
  ["bool", from("bool", ["bool", "string"])],
  ["bytes", from("bytes", ["bytes", "string"])],
  ["dyn", from("any", ["any"])],
  ...["getFullYear", "getMonth", "getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear"].map(
    (fn): [string, readonly Overload[]] => [fn, ofInstant],
  ),
  ...["getHours", "getMinutes", "getSeconds", "getMilliseconds"].map((fn): [string, readonly Overload[]] => [
    fn,
    ofTime,
  ]),
]);
