import "server-only";
import { z } from "zod";
import { holds } from "@/lib/core/actor";
import { command, type Done, type Job, type Unchanged } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { no, yes } from "@/lib/core/refusal";
import { detect } from "./detect";
import { itemKindName, itemKinds } from "./reconciliation";

type Result = { found: number; settled: number; reopened: number };

/** Compares the inventory with what was observed, now. */
export const sweep = command({
  name: "reconciliation.swept",
  title: "Compare the inventory with what was observed",
  http: { method: "POST", path: "/reconciliation/sweep" },
  input: z.strictObject({}),
  load: async () => null,
  may: (actor) =>
    holds(actor, "inventory:write")
      ? yes
      : no("forbidden", "Comparing needs the role model owner, architect or administrator."),
  run: async (tx, { now }): Promise<Done<Result> | Unchanged<Result>> => {
    const { found, settled, reopened } = await detect(tx, now);
    const result = { found: found.length, settled: settled.length, reopened: reopened.length };
    const all = [...found, ...settled, ...reopened];
    if (all.length === 0) return { unchanged: result };
    const counts = itemKinds.flatMap((kind) => {
      const n = found.filter((f) => f.kind === kind).length;
      return n > 0 ? [`${n} ${itemKindName[kind].toLowerCase()}`] : [];
    });
    const said = [
      counts.length > 0 ? `found ${counts.join(", ")}` : "",
      settled.length > 0 ? `${settled.length} no longer so` : "",
      reopened.length > 0 ? `${reopened.length} open again` : "",
    ].filter(Boolean);
    const names = (list: typeof all) => list.map(({ kind, name }) => ({ kind, name }));
    return {
      result,
      entry: {
        subject: { kind: "reconciliation", id: newId(), ref: "inventory" },
        concerns: [...new Set(all.flatMap((a) => (a.modelId ? [a.modelId] : [])))],
        summary: `compared the inventory with what was observed: ${said.join("; ")}`,
        body: { found: names(found), settled: names(settled), reopened: names(reopened) },
      },
    };
  },
});

/** The job that compares soon; at most one waits. */
export const sweepJob: Job = { name: "reconciliation.sweep", payload: {}, uniqueKey: "reconciliation.sweep" };
