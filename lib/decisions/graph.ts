import "server-only";
import { and, isNotNull, or, sql } from "drizzle-orm";
import { z } from "zod";
import { adrs } from "@/db/schema/decisions";
import { inReach } from "@/lib/core/in-reach";
import { query } from "@/lib/core/query";

const most = 2000;

/** Which record replaces which: records that supersede or are superseded, and the links among them. */
export const adrGraph = query({
  name: "adr.graph",
  title: "Read which decision supersedes which",
  http: { method: "GET", path: "/decisions/graph" },
  input: z.strictObject({}),
  async run(read, _input, actor) {
    const linked = or(
      isNotNull(adrs.supersededById),
      sql`exists (select 1 from adr o where o.superseded_by_id = ${adrs.id})`,
    );
    const rows = await read
      .select({
        id: adrs.id,
        ref: adrs.ref,
        title: adrs.title,
        status: adrs.status,
        supersededById: adrs.supersededById,
      })
      .from(adrs)
      .where(and(inReach(actor, "decisions:read", adrs.businessUnitId), linked))
      .orderBy(adrs.id)
      .limit(most + 1);
    const nodes = rows.slice(0, most);
    const refs = new Map(nodes.map((n) => [n.id, n.ref]));
    return {
      nodes: nodes.map(({ ref, title, status }) => ({ ref, title, status })),
      edges: nodes.flatMap((n) => {
        const by = n.supersededById ? refs.get(n.supersededById) : undefined;
        return by ? [{ from: n.ref, to: by }] : [];
      }),
      truncated: rows.length > most,
    };
  },
});
