import "server-only";
import { sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import type { MaturityFile } from "@/lib/content/schemas";
import type { Measured } from "./maturity";

/**
 * What readiness tells of a team: a statement holds when each of its items that is required of a live model of the team passes
 * there, does not when one fails, and is not known while one is unknown, waived, or nothing was asked.
 */
export async function measure(read: Reader, team: string, content: MaturityFile): Promise<Measured> {
  const { rows } = await read.execute<{ item: string; asked: number; pass: number; fail: number }>(sql`
    select i.item_id as item, count(*)::int as asked, (count(*) filter (where i.state in ('pass', 'not_applicable')))::int as pass,
      (count(*) filter (where i.state = 'fail'))::int as fail
    from readiness_item i join model m on m.id = i.model_id
    where m.team = ${team} and m.stage = 'live' and i.required group by i.item_id`);
  const found = new Map(rows.map((r) => [r.item, r]));
  return new Map(
    content.dimensions
      .flatMap((d) => d.statements)
      .filter((s) => s.measured.length > 0)
      .map((s) => {
        const items = s.measured.map((id) => found.get(id));
        if (items.some((i) => i && i.fail > 0)) return [s.id, false];
        return [s.id, items.every((i) => i && i.pass === i.asked) ? true : null];
      }),
  );
}
