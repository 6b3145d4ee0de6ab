import "server-only";
import { sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import type { Disagreement, EscalationKind, EscalationStep } from "./escalation";

/** One step that was taken, with the names of those it told. */
export type Escalated = {
  kind: EscalationKind;
  step: EscalationStep;
  condition: string | null;
  text: string;
  since: Date;
  raisedAt: Date;
  raisedBy: string | null;
  told: string[];
  answer: string | null;
  answeredBy: string | null;
  answeredAt: Date | null;
};

type Row = Omit<Escalated, "since" | "raisedAt" | "answeredAt"> & {
  since: string;
  raisedAt: string;
  answeredAt: string | null;
  raisedById: string | null;
  toldIds: string[];
};

/** The steps that were taken on a review and its conditions, the latest first, and the disagreement that stands. */
export async function escalationsOf(
  read: Reader,
  reviewId: string,
): Promise<{ escalations: Escalated[]; disagreement: Disagreement | null }> {
  const { rows } = await read.execute<Row>(sql`
    select e.kind, e.step, c.ref as condition, e.text, e.since, e.raised_at as "raisedAt", r.name as "raisedBy", e.raised_by as "raisedById",
      e.told as "toldIds", array(select p.name from person p where p.id = any(e.told) order by p.name) as told,
      e.answer, a.name as "answeredBy", e.answered_at as "answeredAt"
    from escalation e left join condition c on c.id = e.condition_id left join person r on r.id = e.raised_by left join person a on a.id = e.answered_by
    where e.review_id = ${reviewId} order by e.raised_at desc, e.id desc`);
  const open = rows.filter((row) => row.kind === "disagreement" && row.answeredAt === null);
  const raisedBy = open[0]?.raisedById;
  return {
    escalations: rows.map(({ raisedById: _, toldIds: __, ...row }) => ({
      ...row,
      since: new Date(row.since),
      raisedAt: new Date(row.raisedAt),
      answeredAt: row.answeredAt === null ? null : new Date(row.answeredAt),
    })),
    disagreement: raisedBy ? { raisedBy, told: [...new Set(open.flatMap((row) => row.toldIds))] } : null,
  };
}
