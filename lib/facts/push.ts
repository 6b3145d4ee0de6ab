import "server-only";
import { z } from "zod";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { loadPushed, mayPush, Pushed, writePushed } from "./pushed";

const PushFacts = z.strictObject({
  facts: z.array(Pushed).min(1, "Send at least one fact.").max(500, "Send at most 500 facts at once."),
  /** The CI job or run that observed them. */
  run: z.string().trim().max(500, "At most 500 characters.").optional(),
});

/** Facts from a pipeline, scanner or monitor. All of a batch is recorded or none, and every fault in it is named. */
export const pushFacts = command({
  name: "facts.pushed",
  title: "Push facts about models and versions",
  http: { method: "POST", path: "/facts", status: 201 },
  input: PushFacts,
  load: (tx, { facts }, actor) => loadPushed(tx, facts, actor),
  may: mayPush,
  run: async (tx, { input, subject, actor, now }) => {
    const { recorded, refresh } = await writePushed(tx, {
      facts: input.facts,
      run: input.run ?? null,
      subject,
      actor,
      now,
    });
    const touched = [...new Set(input.facts.map((f) => f.model))];
    const only = subject.models.length === 1 ? subject.models[0] : null;
    return {
      result: recorded,
      entry: {
        subject: only
          ? { kind: "model", id: only.id, ref: only.name }
          : { kind: "facts", id: newId(), ref: `${touched.length} models` },
        modelId: only?.id ?? null,
        summary: `pushed ${input.facts.length} ${input.facts.length === 1 ? "fact" : "facts"} about ${only?.name ?? `${touched.length} models`}`,
        body: { facts: input.facts, run: input.run ?? null, recorded },
      },
      jobs: refresh,
    };
  },
});
