import type { parse } from "@bufbuild/cel";

export type Ast = ReturnType<typeof parse>["expr"];
export type Names = { values: ReadonlySet<string>; families: ReadonlySet<string> };

/** What an expression reads, its top-level parts joined by &&, and the first thing in it that is not allowed. */
export type Inspected = {
  facts: readonly { key: string; offset: number }[];
  /** Plain values by name. */
  values: readonly string[];
  conjuncts: readonly Ast[];
  fault: { message: string; offset: number } | null;
};

const maxNodes = 400;
/** A list in a fact has at most 200 elements, so two nested loops end within some tens of thousands of steps. */
const maxLoops = 2;
const maxLoopsInAll = 4;

/**
 * Walks the syntax tree once: collects facts, bounds the work an evaluation can take, and refuses names that do not
 * exist. `has()` over a fact is refused because it would turn "we do not know" into "no".
 */
export function inspect(root: Ast, positions: Readonly<Record<string, number>>, names: Names): Inspected {
  const facts: { key: string; offset: number }[] = [];
  const values = new Set<string>();
  let fault: Inspected["fault"] = null;
  let nodes = 0;
  let looped = 0;
  const at = (expr: Ast): number => positions[String(expr.id)] ?? 0;
  const blame = (expr: Ast, message: string): void => {
    fault ??= { message, offset: at(expr) };
  };

  const walk = (expr: Ast | undefined, scope: ReadonlySet<string>, loops: number): void => {
    if (!expr || fault) return;
    if (++nodes > maxNodes) blame(expr, `An expression has at most ${maxNodes} parts. Split the check in two.`);
    const kind = expr.exprKind;
    switch (kind.case) {
      case "identExpr": {
        const { name } = kind.value;
        if (scope.has(name)) return;
        if (names.values.has(name)) {
          values.add(name);
          return;
        }
        blame(
          expr,
          names.families.has(name)
            ? `"${name}" is a family of facts; name one of them, such as ${name}.something.`
            : `There is no "${name}".`,
        );
        return;
      }
      case "selectExpr": {
        const { operand, field, testOnly } = kind.value;
        const family = operand?.exprKind.case === "identExpr" ? operand.exprKind.value.name : null;
        if (operand && family !== null && names.families.has(family) && !scope.has(family)) {
          if (testOnly)
            blame(expr, "has() turns a missing fact into false. Name the fact itself: missing is then unknown.");
          facts.push({ key: `${family}.${field}`, offset: at(operand) });
          return;
        }
        walk(operand, scope, loops);
        return;
      }
      case "callExpr":
        walk(kind.value.target, scope, loops);
        for (const arg of kind.value.args) walk(arg, scope, loops);
        return;
      case "listExpr":
        for (const element of kind.value.elements) walk(element, scope, loops);
        return;
      case "structExpr":
        for (const entry of kind.value.entries) {
          if (entry.keyKind.case === "mapKey") walk(entry.keyKind.value, scope, loops);
          walk(entry.value, scope, loops);
        }
        return;
      case "comprehensionExpr": {
        if (++looped > maxLoopsInAll) blame(expr, `At most ${maxLoopsInAll} loops. Split the check in two.`);
        if (loops >= maxLoops) blame(expr, `At most ${maxLoops} nested loops (all, exists, map, filter).`);
        const { iterVar, iterVar2, accuVar, iterRange, accuInit, loopCondition, loopStep, result } = kind.value;
        const inner = new Set([...scope, iterVar, iterVar2, accuVar]);
        walk(iterRange, scope, loops);
        walk(accuInit, scope, loops);
        walk(loopCondition, inner, loops + 1);
        walk(loopStep, inner, loops + 1);
        walk(result, inner, loops + 1);
        return;
      }
      default:
        return;
    }
  };
  walk(root, new Set(), 0);
  return { facts, values: [...values], conjuncts: conjunctsOf(root), fault };
}

function conjunctsOf(expr: Ast): Ast[] {
  const kind = expr.exprKind;
  return kind.case === "callExpr" && kind.value.function === "_&&_" ? kind.value.args.flatMap(conjunctsOf) : [expr];
}
