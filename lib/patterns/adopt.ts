import "server-only";
import { loadContent } from "@/lib/content/load";
import { command, type Done, type Unchanged } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { patternTexts } from "@/lib/library/editions";
import { modelSubject } from "@/lib/readiness/subject";
import { AdoptPattern, mayAdopt } from "./pattern";
import { pin, restate } from "./pin";
import { currentAdoption, editionPlaces } from "./queries";

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
    const [texts, places] = await Promise.all([patternTexts(tx, input.pattern), editionPlaces(tx)]);
    const inForce = texts.find((p) => places.some((e) => e.digest === p.digest && e.pattern === p.id && e.inForce));
    // Of a version the text in force, if it is one of it, else the shipped one; an own revision of the past by its digest only.
    const pattern = texts.find((p) =>
      input.digest
        ? p.digest === input.digest
        : input.version === undefined || input.version === inForce?.version
          ? p === inForce
          : p.version === input.version && p.revision === 0,
    );
    if (!pattern) {
      const known = [...new Set(loadContent().patterns.map((p) => p.id))].join(", ");
      const field = texts.length === 0 ? "pattern" : input.digest ? "digest" : "version";
      throw new Refusal(
        "invalid",
        texts.length === 0
          ? `pattern: There is no reference architecture "${input.pattern}". There are ${known}.`
          : `${field}: "${input.pattern}" has no ${field} ${input.digest ?? input.version}; version ${inForce?.version} is in force.`,
        [{ field, message: "No such reference architecture or version." }],
      );
    }
    if (input.version !== undefined && pattern.version !== input.version)
      throw new Refusal("invalid", `version: the text with this digest is of version ${pattern.version}.`, [
        { field: "version", message: "Not of this digest." },
      ]);
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
        summary: `chose “${pattern.title}” version ${pattern.version}${pattern.revision > 0 ? `, own revision ${pattern.revision},` : ""} for ${model.name}${input.deviations ? ", with deviations" : ""}`,
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
