import "server-only";
import { sql } from "drizzle-orm";
import { command } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { givenPerson } from "@/lib/people/find";
import { givenUnit } from "@/lib/units/find";
import { finish, modelIds } from "./finish";
import { assignInput, type Before, mayAssign } from "./reconciliation";
import { named, selected } from "./select";

/**
 * Gives models that nobody answers for to an owner and a business unit, any number in one action: one entry with a diff, and no
 * task for anyone to approve.
 */
export const assignModels = command({
  name: "reconciliation.assigned",
  title: "Assign models to an owner",
  http: { method: "POST", path: "/reconciliation/assign" },
  input: assignInput,
  load: async (tx, input, actor) => ({
    items: await selected(tx, input.select, actor, ["unclaimed", "ownerless"], "assigned"),
    unit: await givenUnit(tx, input.businessUnit),
    owner: await givenPerson(tx, input.owner, "owner"),
    backup: input.backupOwner ? await givenPerson(tx, input.backupOwner, "backupOwner") : null,
  }),
  may: (actor, { items, unit }) => mayAssign(actor, items, unit),
  run: async (tx, { input, subject: { items, unit, owner, backup }, actor, now }) => {
    if (backup?.id === owner.id)
      throw new Refusal("invalid", "backupOwner: the deputy must be someone other than the owner.", [
        { field: "backupOwner", message: "Is the owner." },
      ]);
    const ids = modelIds(items);
    const { rows } = await tx.execute<{ id: string }>(sql`
      update model set owner_id = ${owner.id}, business_unit_id = ${unit.id}, claimed_at = ${now.toISOString()}::timestamptz,
        backup_owner_id = coalesce(${backup?.id ?? null}::uuid, nullif(backup_owner_id, ${owner.id}::uuid)), team = coalesce(${input.team ?? null}, team),
        stage = case stage when 'unclaimed' then 'development' else stage end,
        updated_at = ${now.toISOString()}::timestamptz, revision = revision + 1
      where id = any(${`{${ids.join(",")}}`}::uuid[]) and owner_id is null returning id`);
    if (rows.length !== ids.length)
      throw new Refusal("conflict", "Some of these were claimed a moment ago. Reload the list and select again.");
    const before: Before[] = items.flatMap(({ model: m }) =>
      m
        ? [
            {
              modelId: m.id,
              name: m.name,
              ownerId: m.ownerId,
              backupOwnerId: m.backupOwnerId,
              businessUnitId: m.businessUnitId,
              stage: m.stage,
              claimedAt: m.claimedAt,
              team: m.team,
            },
          ]
        : [],
    );
    const summary = `made ${owner.name} the owner of ${named(items)} for ${unit.name}`;
    const action = await finish(
      tx,
      { name: "reconciliation.assigned", summary, items, before, actor, now },
      { status: "settled" },
    );
    return {
      result: { action, assigned: rows.length, owner: owner.name, businessUnit: unit.slug },
      entry: {
        subject: { kind: "reconciliation", id: action, ref: named(items) },
        modelId: ids.length === 1 ? ids[0] : null,
        concerns: ids,
        summary,
        body: {
          after: {
            ownerId: owner.id,
            backupOwnerId: backup?.id ?? null,
            businessUnit: unit.slug,
            ...(input.team === undefined ? {} : { team: input.team }),
          },
          before,
        },
      },
    };
  },
});
