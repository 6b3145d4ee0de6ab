import "server-only";
import { maturityAssessments } from "@/db/schema/maturity";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { findTeam, maturityContent } from "./find";
import { AssessMaturity, judged, mayAssessTeam, profileOf } from "./maturity";
import { measure } from "./measure";

/** A team answers for its capability; what the portal can measure is measured, whatever is said. */
export const assessMaturity = command({
  name: "maturity.assessed",
  title: "Answer for a team's capability",
  http: { method: "POST", path: "/teams/{team}/maturity", status: 201 },
  input: AssessMaturity,
  load: (tx, { team }) => findTeam(tx, team),
  may: mayAssessTeam,
  run: async (tx, { input, subject: team, actor, now }) => {
    const content = maturityContent();
    const known = new Set(content.dimensions.flatMap((d) => d.statements.map((s) => s.id)));
    const strange = Object.keys(input.answers).find((id) => !known.has(id));
    if (strange)
      throw new Refusal("invalid", `answers: there is no statement "${strange.slice(0, 60)}".`, [
        { field: `answers.${strange.slice(0, 60)}`, message: "No such statement." },
      ]);
    const said = [...known].map((statement) => {
      const answer = input.answers[statement];
      return { statement, yes: answer?.yes ?? false, note: answer?.note ?? "", evidence: answer?.evidence ?? null };
    });
    const answers = judged(said, await measure(tx, team.name, content));
    const { levels, overall } = profileOf(content.dimensions, answers);
    const row = {
      id: newId(),
      teamId: team.id,
      contentVersion: content.version,
      contentDigest: content.digest,
      answers,
      levels,
      overall,
      answeredBy: actor.id,
      answeredAt: now,
    };
    await tx.insert(maturityAssessments).values(row);
    return {
      result: { team: team.name, levels, overall },
      entry: {
        subject: { kind: "team", id: team.id, ref: team.name },
        summary: `answered for the capability of ${team.name}: level ${overall}`,
        body: {
          team: team.name,
          answers,
          levels,
          overall,
          content: { version: content.version, digest: content.digest },
        },
      },
    };
  },
});
