import "server-only";
import { z } from "zod";
import { command } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { loadPushed, mayPush, writePushed } from "@/lib/facts/pushed";
import { factsOf, Result, timeFault } from "./result";

const words: Readonly<Record<Result["kind"], string>> = {
  benchmark: "a benchmark",
  load_test: "a load test",
  evaluation: "an evaluation",
  canary: "a canary",
};

/** Takes the result of a benchmark, load test, evaluation or canary, and records the facts that it stands for. */
export const pushResult = command({
  name: "result.pushed",
  title: "Push the result of a benchmark, load test, evaluation or canary",
  http: { method: "POST", path: "/results", status: 201 },
  input: z.strictObject({ result: Result }),
  load: (tx, { result }, actor) => loadPushed(tx, [result], actor),
  may: mayPush,
  run: async (tx, { input: { result }, subject, actor, now }) => {
    const fault = timeFault(result);
    if (fault)
      throw new Refusal("invalid", `result.${fault.field}: ${fault.message}`, [
        { field: `result.${fault.field}`, message: fault.message },
      ]);
    const [model] = subject.models;
    if (!model)
      throw new Refusal("not_found", `There is no model ${result.model} in the inventory.`, [
        { field: "result.model", message: "Not in the inventory." },
      ]);
    const facts = factsOf(result);
    const { recorded, refresh } = await writePushed(tx, { facts, run: result.run ?? null, subject, actor, now });
    return {
      result: { ...recorded, facts: facts.map(({ key, value }) => ({ key, value })) },
      entry: {
        subject: { kind: "model", id: model.id, ref: model.name },
        modelId: model.id,
        summary: `pushed ${words[result.kind]} of ${model.name} ${result.version}`,
        body: { result, recorded },
      },
      jobs: refresh,
    };
  },
});
