import "server-only";
import type { Tx } from "@/db/client";
import { loadContent } from "@/lib/content/load";
import type { Actor } from "@/lib/core/actor";
import { command, type Done, type Unchanged } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { patternTexts } from "@/lib/library/editions";
import { entrySubject, modelFollower, useCaseFollower } from "./follower";
import { AdoptForUseCase, AdoptPattern, type Follower, mayAdopt } from "./pattern";
import { pin, restate } from "./pin";
import { adoptionOf, editionPlaces } from "./queries";

type Pinned = { pattern: string; version: number; digest: string };

/** Pins the exact version and digest: what the board approves is that text, not whatever the pattern says later. */
export const adoptPattern = command({
  name: "pattern.adopted",
  title: "Follow a reference architecture",
  http: { method: "POST", path: "/models/{name}/pattern", status: 201 },
  input: AdoptPattern,
  load: modelFollower,
  may: mayAdopt,
  run: adopt,
});

/** As a model pins one: what is built for the use case later is measured by this text. */
export const adoptForUseCase = command({
  name: "use_case.pattern.adopted",
  title: "Follow a reference architecture with a use case",
  http: { method: "POST", path: "/use-cases/{useCase}/pattern", status: 201 },
  input: AdoptForUseCase,
  load: useCaseFollower,
  may: mayAdopt,
  run: async (tx, run) => {
    if (run.subject.retired)
      throw new Refusal("conflict", `${run.subject.name} is retired. Bring it back first, under Edit.`);
    return adopt(tx, run);
  },
});

type Wanted = { pattern: string; version?: number; digest?: string; deviations: string };
type Adopting = { input: Wanted; subject: Follower; actor: Actor; now: Date };

async function adopt(
  tx: Tx,
  { input, subject: follower, actor, now }: Adopting,
): Promise<Done<Pinned> | Unchanged<Pinned>> {
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
  const before = await adoptionOf(tx, follower);
  if (before?.digest === pattern.digest && before.deviations === input.deviations)
    return { unchanged: { pattern: pattern.id, version: pattern.version, digest: pattern.digest } };
  await restate(tx, follower, pattern.id, input.deviations, actor, now);
  const { adoption, heard } = await pin(tx, follower, pattern, actor, now);
  return {
    result: { pattern: pattern.id, version: pattern.version, digest: pattern.digest },
    entry: {
      ...entrySubject(follower),
      summary: `chose “${pattern.title}” version ${pattern.version}${pattern.revision > 0 ? `, own revision ${pattern.revision},` : ""} for ${follower.name}${input.deviations ? ", with deviations" : ""}`,
      body: {
        adoption,
        [follower.kind]: follower.ref,
        pattern: pattern.id,
        version: pattern.version,
        digest: pattern.digest,
        deviations: input.deviations,
        replaced: before && { pattern: before.patternId, version: before.version, digest: before.digest },
        ...(heard && { answersGaps: heard.gaps, answersCampaigns: heard.campaigns, readiness: heard.readiness }),
      },
    },
  };
}
