import "server-only";
import { sql } from "drizzle-orm";
import { command, type Done, type Unchanged } from "@/lib/core/command";
import { maySight, sightingInput } from "./reconciliation";
import { noteUnlisted } from "./unlisted";

type Result = { listed: boolean; model: string | null; version: string | null; item: string | null };

/**
 * Takes the word of a serving or monitoring system on what serves. What the inventory holds is answered with its name; what it does
 * not hold becomes a difference to settle, once.
 */
export const reportSighting = command({
  name: "reconciliation.sighted",
  title: "Report what serves",
  http: { method: "POST", path: "/reconciliation/sightings" },
  input: sightingInput,
  load: async () => null,
  may: maySight,
  run: async (tx, { input, actor, now }): Promise<Done<Result> | Unchanged<Result>> => {
    const { rows: known } = await tx.execute<{ model: string; version: string | null }>(sql`
      select m.name as model, v.version from model_version v join model m on m.id = v.model_id where v.digest = ${input.digest ?? null}
      union all
      select m.name, v.version from model m left join model_version v on v.model_id = m.id and v.version = ${input.version ?? null}
      where (m.name = ${input.model} or m.external_name = ${input.model}) and (${input.version ?? null}::text is null or v.id is not null)
      limit 1`);
    const [there] = known;
    if (there) return { unchanged: { listed: true, model: there.model, version: there.version, item: null } };
    const evidence = {
      source: actor.name,
      environment: input.environment,
      version: input.version ?? null,
      digest: input.digest ?? null,
      lastSeen: now.toISOString(),
    };
    const [row] = await noteUnlisted(tx, [{ seenName: input.model, evidence }], now);
    const result = { listed: false, model: null, version: null, item: row?.id ?? null };
    if (!row?.made) return { unchanged: result };
    return {
      result,
      entry: {
        subject: { kind: "reconciliation", id: row.id, ref: input.model },
        summary: `saw ${input.model}${input.version ? ` ${input.version}` : ""} serve in ${input.environment}, which the inventory does not hold`,
        body: { ...input, source: actor.name },
      },
    };
  },
});
