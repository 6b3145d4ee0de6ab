import { z } from "zod";
import type { MaturityFile } from "@/lib/content/schemas";
import { type Actor, holds } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";

/** What an answer rests on: a query agrees, a file or link shows it, or somebody says so. */
export const bases = ["measured", "evidenced", "claimed"] as const;
export type Basis = (typeof bases)[number];

export const basisName: Record<Basis, string> = { measured: "Measured", evidenced: "Evidenced", claimed: "Claimed" };

/** Claimed answers carry a dimension no further. */
export const claimedCap = 2;

export type Dimension = MaturityFile["dimensions"][number];

/** An answer with what it rests on. `holds` of a measured one is what was measured, whatever was said. */
export type Judged = { statement: string; holds: boolean; basis: Basis; note: string; evidence: string | null };

export type Answered = { statement: string; yes: boolean; note: string; evidence: string | null };

/** What queries say of statements that they can tell; null: nothing to measure, or not known. */
export type Measured = ReadonlyMap<string, boolean | null>;

/** What was measured wins over what was said; what was said with a file or link is evidenced, otherwise claimed. */
export function judged(answers: readonly Answered[], measured: Measured): Judged[] {
  return answers.map(({ statement, yes: said, note, evidence }) => {
    const seen = measured.get(statement) ?? null;
    if (seen !== null) return { statement, holds: seen, basis: "measured", note, evidence };
    return { statement, holds: said, basis: evidence === null ? "claimed" : "evidenced", note, evidence };
  });
}

/** The highest level whose statements, and those of all levels below, hold; a claimed one holds up to level 2. */
export function levelOf(dimension: Dimension, answers: readonly Judged[]): number {
  const holdsAt = (level: number): boolean => {
    const asked = dimension.statements.filter((s) => s.level === level);
    return asked.every((s) => {
      const answer = answers.find((a) => a.statement === s.id);
      return answer?.holds === true && (answer.basis !== "claimed" || level <= claimedCap);
    });
  };
  let level = 0;
  while (level < 4 && holdsAt(level + 1)) level++;
  return level;
}

export type Profile = { levels: Record<string, number>; overall: number };

/** Every dimension's level and the lowest of them, as in the ML Test Score. Overlays stand beside and do not lower it. */
export function profileOf(dimensions: readonly Dimension[], answers: readonly Judged[]): Profile {
  const levels = Object.fromEntries(dimensions.map((d) => [d.id, levelOf(d, answers)]));
  const counted = dimensions.filter((d) => !d.overlay).map((d) => levels[d.id] ?? 0);
  return { levels, overall: counted.length === 0 ? 0 : Math.min(...counted) };
}

export const AssessMaturity = z.strictObject({
  team: z.string().trim().min(1, "Name the team.").max(120, "At most 120 characters."),
  answers: z
    .record(
      z.string().max(60),
      z.strictObject({
        yes: z.boolean("Say true or false."),
        note: z.string().trim().max(1000, "At most 1000 characters.").default(""),
        evidence: z
          .url({ protocol: /^https?$/, error: "Give an http or https link." })
          .max(2000, "At most 2000 characters.")
          .optional(),
      }),
    )
    .refine((answers) => Object.keys(answers).length <= 200, "At most 200 answers."),
});

/** The team's lead speaks for it; architects and model owners of its unit may as well. */
export function mayAssessTeam(actor: Actor, team: { businessUnitId: string; leadId: string | null }): Verdict {
  if (actor.kind !== "person") return no("forbidden", "Only people answer for a team.");
  const may =
    (actor.id === team.leadId && holds(actor, "inventory:read")) ||
    holds(actor, "patterns:manage", team.businessUnitId) ||
    holds(actor, "readiness:attest", team.businessUnitId);
  return may
    ? yes
    : no(
        "forbidden",
        "The team's lead, the architects and the model owners of its unit answer for it. Ask one of them.",
      );
}
