import "server-only";
import { loadContent } from "@/lib/content/load";
import { command, type Done, type Unchanged } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { modelSubject } from "@/lib/readiness/subject";
import { AdoptPattern, mayAdopt } from "./pattern";
import { pin, restate } from "./pin";
import { currentAdoption } from "./queries";

type Pinned = { pattern: string; version: number; digest: string };

/** Pins the exact version and digest: what the board approves is that text, not whatever the pattern says later. */
export const adoptPattern = command({
  name: "pattern.adopted",
  title: "Follow a reference architecture",
  http: { method: "POST", path: "/models/{name}/pattern", status: 201 },
  input: AdoptPattern,
  load: (tx, input, actor) => modelSubject(tx, input.name, actor),
  may: mayAdopt,
  run: async (tx, { input, subject: model, actor, now }): Promise<Done<Pinned> | Unchanged<Pinned>> => {
    const versions = loadContent().patterns.filter((p) => p.id === input.pattern);
    const wanted = input.version ?? versions[0]?.version;
    const pattern = versions.find((p) => p.version === wanted);
    if (!pattern) {
      const known = [...new Set(loadContent().patterns.map((p) => p.id))].join(", ");
      throw new Refusal(
        "invalid",
        versions.length === 0
          ? `pattern: There is no reference architecture "${input.pattern}". There are ${known}.`
          : `version: "${input.pattern}" has no version ${wanted}; the newest is ${versions[0]?.version}.`,
        [
          {
            field: versions.length === 0 ? "pattern" : "version",
            message: "No such reference architecture or version.",
          },
        ],
      );
    }
    if (pattern.status === "retired")
      throw new Refusal("conflict", `"${pattern.title}" version ${pattern.version} is retired. Choose its successor.`);
    const before = await currentAdoption(tx, model.id);
    if (before?.digest === pattern.digest && before.deviations === input.deviations)
      return { unchanged: { pattern: pattern.id, version: pattern.version, digest: pattern.digest } };
    await restate(tx, model.id, pattern.id, input.deviations, actor, now);
    const { adoption, gaps, campaigns, readiness } = await pin(tx, model.id, pattern, actor, now);
    return {
      result: { pattern: pattern.id, version: pattern.version, digest: pattern.digest },
      entry: {
        subject: { kind: "model", id: model.id, ref: model.name },
        modelId: model.id,
        summary: `chose “${pattern.title}” version ${pattern.version} for ${model.name}${input.deviations ? ", with deviations" : ""}`,
        body: {
          adoption,
          model: model.name,
          pattern: pattern.id,
          version: pattern.version,
          digest: pattern.digest,
          deviations: input.deviations,
          replaced: before && { pattern: before.patternId, version: before.version, digest: before.digest },
          answersGaps: gaps,
          answersCampaigns: campaigns,
          readiness,
        },
      },
    };
  },
});
