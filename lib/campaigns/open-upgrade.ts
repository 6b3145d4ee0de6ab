import "server-only";
import { sql } from "drizzle-orm";
import { command } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { patternsInForce } from "@/lib/library/editions";
import { subtrees } from "@/lib/models/list";
import { mayManage } from "@/lib/patterns/adoption";
import { editionPlaces } from "@/lib/patterns/queries";
import { begin } from "./begin";
import { openUpgradeInput } from "./campaign";

/** Asks the owners of all models that are behind the text of a pattern that is in force to move to it, or to say why not yet. */
export const openUpgrade = command({
  name: "campaign.upgrade.opened",
  title: "Open an upgrade campaign",
  http: { method: "POST", path: "/campaigns/upgrades", status: 201 },
  input: openUpgradeInput,
  load: async (tx, input) => ({ units: await subtrees(tx, input.units) }),
  may: (actor) => mayManage(actor),
  run: async (tx, { input, subject: { units }, actor, now }) => {
    const target = (await patternsInForce(tx)).find((p) => p.id === input.pattern);
    if (!target)
      throw new Refusal("invalid", `pattern: there is no reference architecture "${input.pattern}".`, [
        { field: "pattern", message: "No such reference architecture." },
      ]);
    const { rows: running } = await tx.execute<{ ref: string }>(
      sql`select ref from campaign where upgrade ->> 'pattern' = ${target.id} and closed_at is null`,
    );
    if (running[0])
      throw new Refusal("conflict", `${running[0].ref} moves the adopters of ${target.id} already. Close it first.`);
    const behind = (await editionPlaces(tx)).filter((p) => p.pattern === target.id && p.behind > 0);
    const digests = `{${behind.map((p) => p.digest).join(",")}}`;
    const picks = sql`(${input.units.length === 0} or m.business_unit_id = any(${`{${units.join(",")}}`}::uuid[]))
      and exists (select 1 from pattern_adoption a where a.model_id = m.id and a.ended_at is null and a.pattern_id = ${target.id}
        and a.digest = any(${digests}::text[]) and ${input.from === undefined ? sql`true` : sql`a.version = ${input.from}`})`;
    const upgrade = {
      pattern: target.id,
      title: target.title,
      from: input.from ?? null,
      to: target.version,
      digest: target.digest,
    };
    const scope = { units: input.units, tiers: [], stages: [] };
    const { id, ref, concerns, models, owners } = await begin(tx, { ...input, scope, upgrade }, picks, actor, now);
    return {
      result: { id, ref, models, owners, to: target.version },
      entry: {
        subject: { kind: "campaign", id, ref },
        concerns,
        summary: `opened ${ref}, ${input.title}: ${models} models of ${owners} owners to “${target.title}” version ${target.version} by ${input.dueOn}`,
        body: { ...input, upgrade, models, owners },
      },
    };
  },
});
