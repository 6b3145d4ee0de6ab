import type { Ast } from "./inspect";
import { type Overload, overloads } from "./overloads";
import { any, type CelType, comparable, inWords, join, type Kind, listOf, one } from "./type-of";

export type TypeFault = { message: string; offset: number };

/** What the names in an expression stand for; null for a name that the walk over names has refused already. */
export type Typed = {
  fact: (key: string) => CelType | null;
  value: (name: string) => CelType;
  families: ReadonlySet<string>;
  /** Why a literal such as duration('3 days') or a pattern cannot be read; null when it can. */
  literalFault: (fn: "duration" | "timestamp" | "matches", text: string) => string | null;
};

const maxPattern = 200;
const logic = new Set(["_&&_", "_||_", "!_", "@not_strictly_false"]);
const equality = new Set(["_==_", "_!=_"]);

/**
 * The type of an expression, or its first fault with its place. It also bounds what a loop may grow: within one, texts and lists are
 * not joined, and patterns are matched only in the outermost.
 */
export function typeOf(
  root: Ast,
  positions: Readonly<Record<string, number>>,
  typed: Typed,
): { type: CelType } | TypeFault {
  try {
    return { type: new Walk(positions, typed).of(root, new Map(), 0) };
  } catch (error) {
    if (error instanceof Mistyped) return { message: error.message, offset: error.offset };
    throw error;
  }
}

class Mistyped extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

type Scope = ReadonlyMap<string, CelType>;
type Maybe = Ast | undefined;

class Walk {
  constructor(
    private readonly positions: Readonly<Record<string, number>>,
    private readonly typed: Typed,
  ) {}

  private blame(expr: Ast, message: string): never {
    throw new Mistyped(message, this.positions[String(expr.id)] ?? 0);
  }

  of(expr: Maybe, scope: Scope, loops: number): CelType {
    if (!expr) return any;
    const kind = expr.exprKind;
    switch (kind.case) {
      case "constExpr":
        return constant[kind.value.constantKind.case ?? ""] ?? any;
      case "identExpr":
        return scope.get(kind.value.name) ?? this.typed.value(kind.value.name);
      case "selectExpr":
        return this.select(expr, kind.value, scope, loops);
      case "listExpr":
        return listOf(kind.value.elements.map((e) => this.of(e, scope, loops)).reduce(join, one("none")));
      case "structExpr":
        for (const entry of kind.value.entries) this.of(entry.value, scope, loops);
        return { kind: "map", of: any };
      case "callExpr":
        return this.call(expr, kind.value, scope, loops);
      case "comprehensionExpr":
        return this.loop(expr, kind.value, scope, loops);
      default:
        return any;
    }
  }

  private select(
    expr: Ast,
    { operand, field, testOnly }: { operand?: Maybe; field: string; testOnly: boolean },
    scope: Scope,
    loops: number,
  ): CelType {
    const root = operand?.exprKind.case === "identExpr" ? operand.exprKind.value.name : "";
    if (this.typed.families.has(root) && !scope.has(root)) return this.typed.fact(`${root}.${field}`) ?? any;
    const from = this.of(operand, scope, loops);
    if (from.kind !== "map" && from.kind !== "any") this.blame(expr, `${inWords(from)} has no part "${field}".`);
    return testOnly ? one("bool") : (from.of ?? any);
  }

  private call(
    expr: Ast,
    { function: name, target, args }: { function: string; target?: Maybe; args: Ast[] },
    scope: Scope,
    loops: number,
  ): CelType {
    const operands = (target ? [target, ...args] : args).flatMap((a) => (a ? [a] : []));
    const types = operands.map((o) => this.of(o, scope, loops));
    const [first = any, second = any, third = any] = types;
    if (logic.has(name)) {
      for (const [i, type] of types.entries())
        if (!fits(type, "bool"))
          this.blame(
            operands[i] ?? expr,
            `${this.name(operands[i], type)} is no condition. Compare it with something.`,
          );
      return one("bool");
    }
    if (name === "_?_:_") {
      if (!fits(first, "bool")) this.blame(operands[0] ?? expr, `${this.name(operands[0], first)} is no condition.`);
      return join(second, third);
    }
    if (equality.has(name)) {
      if (!comparable(first, second))
        this.blame(
          expr,
          `${this.name(operands[0], first)} is never equal to ${inWords(second)}: the two are of different types.`,
        );
      return one("bool");
    }
    if (name === "@in") {
      const inside = second.kind === "map" ? one("string") : (second.of ?? any);
      if (!["list", "map", "any"].includes(second.kind))
        this.blame(expr, `"in" looks into a list; ${this.name(operands[1], second)} is ${inWords(second)}.`);
      if (!comparable(first, inside)) this.blame(expr, `${inWords(first)} is never in a list of ${inWords(inside)}.`);
      return one("bool");
    }
    if (name === "_[_]") {
      if (!["list", "map", "any"].includes(first.kind))
        this.blame(expr, `${inWords(first)} has no parts to pick from.`);
      return first.of ?? any;
    }
    this.bounds(expr, name, operands, types, loops);
    return this.overloaded(expr, name, target !== undefined, operands, types);
  }

  /** One of the overloads must take the operands; with a part that is not known before it runs, the first that may. */
  private overloaded(
    expr: Ast,
    name: string,
    method: boolean,
    operands: readonly Ast[],
    types: readonly CelType[],
  ): CelType {
    const known: readonly Overload[] | undefined = overloads.get(name);
    if (!known) this.blame(expr, `There is no function "${name}".`);
    const found = known.find(
      (o) =>
        (o.method === undefined || o.method === method) &&
        o.takes.length === types.length &&
        o.takes.every((kind, i) => fits(types[i] ?? any, kind)),
    );
    if (found) {
      const unsure = types.some((t) => t.kind === "any") && known.some((o) => o.gives !== found.gives);
      return unsure ? any : found.gives === "list" ? types.reduce(join, one("none")) : one(found.gives);
    }
    const said = types.map((t, i) => this.name(operands[i], t)).join(" and ");
    const mixed = types.some((t) => t.kind === "int") && types.some((t) => t.kind === "double");
    const sign = /^_(.+)_$/.exec(name)?.[1];
    this.blame(
      expr,
      `${sign ? `"${sign}"` : `${name}()`} does not take ${said === "" ? "nothing" : said}.${mixed ? " Write the whole number with a decimal point, such as 2.0." : ""}`,
    );
  }

  private bounds(expr: Ast, name: string, operands: readonly Ast[], types: readonly CelType[], loops: number): void {
    const [left] = operands;
    const own = left?.exprKind.case === "identExpr" && left.exprKind.value.name === "@result";
    if (loops > 0 && name === "_+_" && !own && types.some((t) => !numeric.has(t.kind)))
      this.blame(expr, "Texts and lists are not joined within a loop.");
    const literal = operands[operands.length - 1];
    const text =
      literal?.exprKind.case === "constExpr" && literal.exprKind.value.constantKind.case === "stringValue"
        ? literal.exprKind.value.constantKind.value
        : null;
    if (name === "matches") {
      if (text === null || text.length > maxPattern)
        this.blame(expr, `matches() takes a pattern written out, of at most ${maxPattern} characters.`);
      if (loops > 1) this.blame(expr, "matches() is not used in a loop within a loop.");
    }
    if (text !== null && (name === "matches" || name === "duration" || name === "timestamp")) {
      const fault = this.typed.literalFault(name, text);
      if (fault) this.blame(literal ?? expr, fault);
    }
  }

  private loop(
    expr: Ast,
    value: {
      iterVar: string;
      iterVar2: string;
      accuVar: string;
      iterRange?: Maybe;
      accuInit?: Maybe;
      loopCondition?: Maybe;
      loopStep?: Maybe;
      result?: Maybe;
    },
    scope: Scope,
    loops: number,
  ): CelType {
    const over = this.of(value.iterRange, scope, loops);
    if (!["list", "map", "any"].includes(over.kind))
      this.blame(expr, `${this.name(value.iterRange, over)} is no list to go through.`);
    const element = over.kind === "map" ? one("string") : (over.of ?? any);
    const begun = this.of(value.accuInit, scope, loops);
    const inner = new Map([...scope, [value.iterVar, element], [value.accuVar, begun]]);
    const step = this.of(value.loopStep, inner, loops + 1);
    inner.set(value.accuVar, join(begun, step));
    return this.of(value.result, inner, loops);
  }

  /** A fact or value by its name with its type; anything else by its type. */
  private name(expr: Maybe, type: CelType): string {
    const kind = expr?.exprKind;
    if (kind?.case === "identExpr" && !kind.value.name.startsWith("@")) return `${kind.value.name} (${inWords(type)})`;
    if (kind?.case === "selectExpr" && kind.value.operand?.exprKind.case === "identExpr")
      return `${kind.value.operand.exprKind.value.name}.${kind.value.field} (${inWords(type)})`;
    return inWords(type);
  }
}

const numeric = new Set<Kind>(["int", "uint", "double", "timestamp", "duration"]);

const fits = (type: CelType, kind: Kind): boolean => type.kind === kind || type.kind === "any" || kind === "any";

const constant: Readonly<Record<string, CelType>> = {
  boolValue: one("bool"),
  bytesValue: one("bytes"),
  doubleValue: one("double"),
  int64Value: one("int"),
  uint64Value: one("uint"),
  stringValue: one("string"),
  nullValue: one("null"),
};
