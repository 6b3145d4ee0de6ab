import "server-only";
import { and, eq, ne, sql } from "drizzle-orm";
import { assets } from "@/db/schema/assets";
import { holds } from "@/lib/core/actor";
import { command } from "@/lib/core/command";
import { no, Refusal } from "@/lib/core/refusal";
import { givenPerson } from "@/lib/people/find";
import { givenUnit } from "@/lib/units/find";
import { assetEdit, assetKindName, mayEditAsset } from "./asset";
import { findAsset } from "./find";

/** Changes an asset, if nobody else did since it was read; retires it or brings it back. */
export const editAsset = command({
  name: "asset.edited",
  title: "Edit an asset",
  http: { method: "PATCH", path: "/assets/{asset}" },
  input: assetEdit,
  load: async (tx, input, actor) => ({
    asset: await findAsset(tx, input.asset, actor),
    unit: input.businessUnit ? await givenUnit(tx, input.businessUnit) : null,
    owner: input.owner ? await givenPerson(tx, input.owner, "owner") : null,
  }),
  may: (actor, { asset, unit }) => {
    const verdict = mayEditAsset(actor, asset);
    if (!verdict.ok || !unit || holds(actor, "inventory:write", unit.id)) return verdict;
    return no("forbidden", `Your role does not reach ${unit.name}.`);
  },
  run: async (tx, { input, subject: { asset: before, unit, owner }, now }) => {
    const { asset: _, revision, businessUnit: __, owner: ownerKey, retired, ...plain } = input;
    if (before.revision !== revision) throw changedSince(before.name);
    const change = {
      ...plain,
      ...(unit ? { businessUnitId: unit.id } : {}),
      ...(ownerKey === undefined ? {} : { ownerId: owner?.id ?? null }),
      ...(retired === undefined || retired === (before.retiredAt !== null) ? {} : { retiredAt: retired ? now : null }),
    };
    const changed = Object.fromEntries(
      Object.entries(change).filter(([key, to]) => to !== before[key as keyof typeof before]),
    );
    const result = { id: before.id, name: input.name ?? before.name };
    if (Object.keys(changed).length === 0) return { unchanged: { ...result, revision } };
    if (input.name !== undefined && input.name !== before.name) {
      const [taken] = await tx
        .select({ id: assets.id })
        .from(assets)
        .where(and(eq(assets.kind, before.kind), eq(assets.name, input.name), ne(assets.id, before.id)));
      if (taken)
        throw new Refusal(
          "conflict",
          `There is a ${assetKindName[before.kind].toLowerCase()} called "${input.name}" already.`,
          [{ field: "name", message: "Taken." }],
        );
    }
    const [row] = await tx
      .update(assets)
      .set({ ...changed, updatedAt: now, revision: sql`${assets.revision} + 1` })
      .where(and(eq(assets.id, before.id), eq(assets.revision, revision)))
      .returning({ revision: assets.revision });
    if (!row) throw changedSince(before.name);
    return {
      result: { ...result, revision: row.revision },
      entry: {
        subject: { kind: "asset", id: before.id, ref: result.name },
        summary: changed.retiredAt ? `retired ${before.name}` : `edited ${before.name}`,
        body: {
          before: Object.fromEntries(Object.keys(changed).map((key) => [key, before[key as keyof typeof before]])),
          after: changed,
        },
      },
    };
  },
});

const changedSince = (name: string): Refusal =>
  new Refusal("conflict", `${name} was changed since you opened it. Reload to see the change, then edit again.`, [
    { field: "revision", message: "No longer the present one." },
  ]);
