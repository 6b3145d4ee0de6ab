import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { adrCheckBreaks, adrChecks } from "@/db/schema/decision-checks";
import { adrs } from "@/db/schema/decisions";
import { command, type Done, type Unchanged } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { OneRecord } from "@/lib/decisions/decision";
import { byRef } from "@/lib/decisions/load";
import { type AssumptionResult, type AssumptionState, assumptionStateName, isBreak, mayEvaluate } from "./assumption";
import { candidates, factsOfModels, withTags } from "./candidates";
import { judge, keysOf } from "./judge";
import { type Candidate, type Chosen, choose, compileScope } from "./scope";
import { keepSubjects } from "./subjects";

type Kept = typeof adrChecks.$inferSelect;
type Loaded = Pick<typeof adrs.$inferSelect, "id" | "ref" | "status" | "modelId" | "patternId"> & {
  unitId: string | null;
  checks: number;
  kept: readonly Kept[];
};

/** What changed about one check. `revisit`: the owners are asked to look at the decision again; `holdsAgain`: they need not any more. */
type Moved = {
  check: string;
  title: string;
  from: AssumptionState;
  to: AssumptionState;
  cause: string | null;
  why: string;
  passing: number;
  failing: number;
  unknown: number;
  revisit: boolean;
  holdsAgain: boolean;
};
type Evaluated = { ref: string; checks: { id: string; state: AssumptionState }[]; moved: Moved[] };

/** Looks at all checks of one decision. What did not change state is refreshed without an entry. */
export const evaluateChecks = command({
  name: "adr.checks.evaluated",
  title: "Look at the checks of a decision again",
  http: { method: "POST", path: "/decisions/{ref}/checks" },
  input: OneRecord,
  async load(tx, { ref }): Promise<Loaded> {
    const [adr] = await tx.select().from(adrs).where(byRef(ref));
    if (!adr) throw new Refusal("not_found", `There is no decision ${ref}.`);
    // One evaluation of a record at a time, so that a break is raised once.
    const kept = await tx
      .select()
      .from(adrChecks)
      .where(eq(adrChecks.adrId, adr.id))
      .orderBy(adrChecks.place)
      .for("update");
    const { id, status, modelId, patternId, businessUnitId } = adr;
    return { id, ref: adr.ref, status, modelId, patternId, unitId: businessUnitId, checks: kept.length, kept };
  },
  may: mayEvaluate,
  async run(tx, { subject: adr, now }): Promise<Done<Evaluated> | Unchanged<Evaluated>> {
    const chosen = await choices(tx, adr, now);
    const ids = [...new Set([...chosen.values()].flatMap((one) => one.inside.map((model) => model.id)))];
    const factsOf = await factsOfModels(tx, ids, [...new Set(adr.kept.flatMap(keysOf))], now);
    const moved: Moved[] = [];
    const broken = new Set<string>();
    const states: Evaluated["checks"] = [];
    for (const check of adr.kept) {
      const scope = chosen.get(check.id);
      const result: AssumptionResult = scope
        ? judge(check, scope, factsOf, now)
        : {
            state: "unknown",
            cause: "not_attempted",
            why: "It names no scope, and the decision is about no model and no pattern. Give it a scope, or link the decision.",
            subjects: [],
          };
      states.push({ id: check.key, state: result.state });
      for (const id of await keepSubjects(tx, check.id, result.subjects, now)) broken.add(id);
      const change = await settle(tx, adr, check, result, now);
      if (change) moved.push(change);
    }
    const result = { ref: adr.ref, checks: states, moved };
    if (moved.length === 0) return { unchanged: result };
    return {
      result,
      entry: {
        subject: { kind: "adr", id: adr.id, ref: adr.ref },
        modelId: adr.modelId,
        concerns: [...broken],
        summary: `${adr.ref}: ${saying(moved)}`,
        body: { status: adr.status, checks: moved },
      },
    };
  },
});

/** The models that each check is about; a check that says nothing of it is about the record's own model, or the pattern's followers. */
async function choices(tx: Tx, adr: Loaded, now: Date): Promise<Map<string, Chosen>> {
  const all = await candidates(tx);
  const tagged = adr.kept.some(({ scope }) => scope !== null && reads(scope, "tags"));
  const models = tagged ? await withTags(tx, all, now) : all;
  const own = (test: (model: Candidate) => boolean): Chosen => ({ inside: models.filter(test), undecided: [] });
  const chosen = new Map<string, Chosen>();
  for (const check of adr.kept) {
    if (check.scope !== null) chosen.set(check.id, choose(check.scope, models, now));
    else if (adr.modelId !== null)
      chosen.set(
        check.id,
        own((m) => m.id === adr.modelId),
      );
    else if (adr.patternId !== null)
      chosen.set(
        check.id,
        own((m) => m.attributes.pattern === adr.patternId),
      );
  }
  return chosen;
}

function reads(scope: string, name: string): boolean {
  const compiled = compileScope(scope);
  return compiled.ok && compiled.check.values.includes(name);
}

/** Writes what came of a check, and raises or closes its break; null when it is as it was. */
async function settle(tx: Tx, adr: Loaded, check: Kept, result: AssumptionResult, now: Date): Promise<Moved | null> {
  const of = (outcome: string) => result.subjects.filter((s) => s.outcome === outcome).length;
  const counts = { passing: of("pass"), failing: of("fail"), unknown: of("unknown") };
  const changed = check.state !== result.state || check.cause !== result.cause;
  const { state, cause, why } = result;
  await tx
    .update(adrChecks)
    .set({ state, cause, why, ...counts, evaluatedAt: now, ...(changed ? { since: now } : {}) })
    .where(eq(adrChecks.id, check.id));
  let revisit = false;
  let holdsAgain = false;
  if (state === "holds") {
    const closed = await tx
      .update(adrCheckBreaks)
      .set({ closedAt: now })
      .where(and(eq(adrCheckBreaks.checkId, check.id), isNull(adrCheckBreaks.closedAt)))
      .returning({ id: adrCheckBreaks.id });
    holdsAgain = closed.length > 0;
  }
  // A proposal promises nothing yet; its authors see the state on its page.
  if (isBreak(state) && adr.status === "accepted") {
    const raised = await tx
      .insert(adrCheckBreaks)
      .values({ id: newId(), checkId: check.id, adrId: adr.id, raisedAt: now, why })
      .onConflictDoNothing()
      .returning({ id: adrCheckBreaks.id });
    revisit = raised.length > 0;
  }
  if (!changed && !revisit && !holdsAgain) return null;
  return {
    check: check.key,
    title: check.title,
    from: check.state,
    to: state,
    cause,
    why,
    ...counts,
    revisit,
    holdsAgain,
  };
}

function saying(moved: readonly Moved[]): string {
  const [only] = moved;
  const asks = moved.some((one) => one.revisit) ? "; its owners are asked to revisit the decision" : "";
  if (moved.length === 1 && only) return `“${only.title}” ${inWords[only.to]}${asks}`;
  const said = moved.map((one) => `“${one.check}” ${assumptionStateName[one.to].toLowerCase()}`).join(", ");
  return `${moved.length} checks changed: ${said}${asks}`;
}

const inWords: Record<AssumptionState, string> = {
  holds: "holds",
  partly: "holds only in part",
  broken: "is broken",
  unknown: "cannot be told",
};

/** An owner said that the decision stands nevertheless: what is broken asks no more until it holds and breaks again. */
export async function answerBreaks(tx: Tx, adrId: string, now: Date): Promise<void> {
  await tx
    .update(adrCheckBreaks)
    .set({ answeredAt: now })
    .where(and(eq(adrCheckBreaks.adrId, adrId), isNull(adrCheckBreaks.closedAt), isNull(adrCheckBreaks.answeredAt)));
}
