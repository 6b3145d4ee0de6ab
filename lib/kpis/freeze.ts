import "server-only";
import { createHash } from "node:crypto";
import { eq } from "drizzle-orm";
import { z } from "zod";
import { kpiSnapshots } from "@/db/schema/kpis";
import { logHead } from "@/db/schema/log";
import { businessUnits } from "@/db/schema/org";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { no, yes } from "@/lib/core/refusal";
import { results } from "./queries";

/** Freezes the KPIs of a closed month, for the organisation and each business unit. A month is frozen once. */
export const freezeMonth = command({
  name: "kpis.month_frozen",
  title: "Freeze the KPIs of a month",
  http: null,
  input: z.strictObject({ month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, "Give a month as YYYY-MM.") }),
  load: async (tx, { month }) => {
    const [frozen] = await tx
      .select({ id: kpiSnapshots.id })
      .from(kpiSnapshots)
      .where(eq(kpiSnapshots.month, month))
      .limit(1);
    return { frozen: frozen !== undefined, month };
  },
  may: (actor) => (actor.kind === "system" ? yes : no("forbidden", "Months are frozen by the portal's own schedule.")),
  run: async (tx, { input, subject, now }) => {
    if (subject.frozen) return { unchanged: { month: input.month, frozenNow: false } };
    const asOf = endOf(input.month);
    const units = await tx.select().from(businessUnits);
    const [head] = await tx.select().from(logHead);
    const digests: Record<string, string> = {};
    for (const scope of [{ id: null, name: "Whole organisation", slug: null }, ...units]) {
      for (const { kpi, result } of await results(tx, scope, asOf)) {
        const content = Buffer.from(JSON.stringify(result));
        const digest = createHash("sha256").update(content).digest("hex");
        digests[`${scope.slug ?? "all"}/${kpi.id}`] = digest;
        await tx.insert(kpiSnapshots).values({
          id: newId(),
          kpi: kpi.id,
          businessUnitId: scope.id,
          month: input.month,
          methodVersion: result.methodVersion,
          content,
          digest,
          logSize: head?.size ?? 0,
          frozenAt: now,
        });
      }
    }
    return {
      result: { month: input.month, frozenNow: true },
      entry: {
        subject: { kind: "kpi_month", id: input.month, ref: input.month },
        summary: `froze the KPIs of ${input.month}`,
        body: { month: input.month, asOf: asOf.toISOString(), digests },
      },
    };
  },
});

/** Midnight UTC after the month's last day. */
export function endOf(month: string): Date {
  const [year = 0, m = 1] = month.split("-").map(Number);
  return new Date(Date.UTC(year, m, 1));
}
