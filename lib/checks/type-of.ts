/** Types of CEL as far as checks need them. `none`: the element of an empty list, which joins any other; `any`: known only when it runs. */
export const kinds = [
  "bool",
  "int",
  "uint",
  "double",
  "string",
  "bytes",
  "timestamp",
  "duration",
  "list",
  "map",
  "null",
  "none",
  "any",
] as const;
export type Kind = (typeof kinds)[number];

/** `of`: of a list its elements, of a record its values. */
export type CelType = { kind: Kind; of?: CelType };

export const one = (kind: Kind): CelType => ({ kind });
export const any: CelType = one("any");
export const listOf = (of: CelType): CelType => ({ kind: "list", of });

/** The CEL type of a fact's value (lib/facts/fact.ts); every number of a fact is a double. */
export function typeOfFact(type: string): CelType {
  switch (type) {
    case "text":
      return one("string");
    case "number":
      return one("double");
    case "boolean":
      return one("bool");
    case "instant":
      return one("timestamp");
    case "texts":
      return listOf(one("string"));
    case "numbers":
      return { kind: "map", of: one("double") };
    case "record":
      return { kind: "map", of: any };
    default:
      return any;
  }
}

/** What two branches or two elements come to. */
export function join(a: CelType, b: CelType): CelType {
  if (a.kind === "none") return b;
  if (b.kind === "none") return a;
  if (a.kind !== b.kind) return any;
  return a.of || b.of ? { kind: a.kind, of: join(a.of ?? any, b.of ?? any) } : a;
}

const numbers = new Set<Kind>(["int", "uint", "double"]);

/** Whether two values can be equal at all; numbers of different kinds can, and null is compared with anything. */
export function comparable(a: CelType, b: CelType): boolean {
  if ([a.kind, b.kind].some((k) => k === "any" || k === "null" || k === "none")) return true;
  if (numbers.has(a.kind) && numbers.has(b.kind)) return true;
  return a.kind === b.kind && (a.of === undefined || b.of === undefined || comparable(a.of, b.of));
}

const words: Record<Kind, string> = {
  bool: "yes or no",
  int: "a whole number",
  uint: "a whole number",
  double: "a number",
  string: "text",
  bytes: "bytes",
  timestamp: "an instant",
  duration: "a length of time",
  list: "a list",
  map: "a record",
  null: "null",
  none: "nothing",
  any: "something not known before",
};
export const inWords = (type: CelType): string => words[type.kind];
