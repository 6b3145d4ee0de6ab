import "server-only";
import { sql } from "drizzle-orm";
import { personasOffered } from "@/lib/auth/demo";
import type { Actor } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/command";
import { catalogue } from "@/lib/facts/catalogue";
import type { FactValue } from "@/lib/facts/fact";
import { pushFacts } from "@/lib/facts/push";
import type { JobHandlers } from "@/lib/jobs/job";

/** The service that reports on the demo organisation's models, while its year is told and ever after. */
export const demoPipeline: Actor = {
  kind: "service",
  id: "01a1fdb9-0000-7000-8000-00000000feed",
  name: "Build pipeline",
  grants: [{ role: "service", units: null }],
  scopes: null,
};

/** What its reports are called in the provenance of a fact and in the log. */
const run = "demo measurement feed";

/** A fact is reported again once this share of the age that its key allows has passed. */
const due = 0.7;
const batch = 500;

type Row = {
  model: string;
  version: string | null;
  key: string;
  value: FactValue;
  collected_at: string | Date;
};

/**
 * Goes on measuring the demo organisation: what its pipeline reported in time on the day the demo was made, it reports again
 * before it goes stale, through the same command and into the same log as any pipeline. Values stay; a time that a value names
 * ("last tested at") moves on with the report. What had gone stale or was never reported stays so. Does nothing outside demo mode.
 */
export async function measureDemo(ctx: Ctx): Promise<{ reported: number }> {
  const now = ctx.now();
  const ages = catalogue.filter((k) => k.maxAgeDays !== null);
  const instants = new Set(catalogue.filter((k) => k.type === "instant").map((k) => k.key));
  const { rows } = await ctx.db.execute<Row>(sql`
    select m.name as model, v.version, f.key, f.value, f.collected_at
    from fact f
    join (values ${sql.join(
      ages.map((k) => sql`(${k.key}, ${k.maxAgeDays}::double precision)`),
      sql`, `,
    )}) as age (key, days) on age.key = f.key
    left join model_version v on f.subject_kind = 'model_version' and v.id = f.subject_id
    join model m on m.id = coalesce(v.model_id, f.subject_id)
    where f.superseded_at is null and f.source_kind = 'push' and f.source_id = ${demoPipeline.id}
      and m.stage <> 'retired' and m.vanished_at is null
      and f.collected_at > (select finished_at from demo_seed) - age.days * interval '1 day'
      and f.collected_at < ${now.toISOString()}::timestamptz - age.days * ${due}::double precision * interval '1 day'
    order by m.name, v.version nulls first, f.key`);
  for (let from = 0; from < rows.length; from += batch) {
    await pushFacts(
      { ...ctx, actor: demoPipeline },
      {
        run,
        facts: rows.slice(from, from + batch).map((r) => ({
          model: r.model,
          ...(r.version === null ? {} : { version: r.version }),
          key: r.key,
          value: instants.has(r.key) ? movedOn(r, now) : r.value,
        })),
      },
    );
  }
  return { reported: rows.length };
}

/** As long before this report as it was before the last one. */
function movedOn({ value, collected_at }: Row, now: Date): string {
  const before = new Date(collected_at).getTime() - new Date(String(value)).getTime();
  return new Date(now.getTime() - before).toISOString();
}

export const demoJobs: JobHandlers = {
  "demo.measure": async (ctx) => {
    if (personasOffered()) await measureDemo(ctx);
  },
};
