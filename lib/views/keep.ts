import "server-only";
import { and, eq } from "drizzle-orm";
import { z } from "zod";
import type { Tx } from "@/db/client";
import { savedViews } from "@/db/schema/views";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { modelExportInput } from "@/lib/models/list-input";
import { givenUnit } from "@/lib/units/find";
import { editViewInput, mayKeepView, maySaveView, saveViewInput, type ViewScope, viewKey, viewScopeName } from "./view";

/** A view that the list would refuse is not saved: nobody could open it. `hide` is the table's own. */
function insistOpenable(query: string): void {
  const params = new URLSearchParams(query);
  params.delete("hide");
  const given = Object.fromEntries(
    [...new Set(params.keys())].map((key) => [
      key,
      params.getAll(key).length > 1 ? params.getAll(key) : params.get(key),
    ]),
  );
  const { success, error } = modelExportInput.safeParse(given);
  if (success) return;
  const [issue] = error.issues;
  const message = `The list cannot be opened like this: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`;
  throw new Refusal("invalid", `query: ${message}`, [{ field: "query", message }]);
}

const unitOf = async (tx: Tx, scope: ViewScope | undefined, unit: string | undefined) => {
  if (scope !== "unit") return null;
  if (!unit)
    throw new Refusal("invalid", "businessUnit: Say which unit to share it with.", [
      { field: "businessUnit", message: "Say which unit to share it with." },
    ]);
  return givenUnit(tx, unit);
};

const taken = (name: string): Refusal =>
  new Refusal("conflict", `You have a view called ${name} already. Save it under another name, or change that one.`, [
    { field: "name", message: "Taken." },
  ]);

/** Keeps a list's filters, order and columns under a name. */
export const saveView = command({
  name: "view.saved",
  title: "Save a view of a list",
  http: { method: "POST", path: "/views", status: 201 },
  input: saveViewInput,
  load: async (tx, input) => ({ scope: input.scope, unit: await unitOf(tx, input.scope, input.businessUnit) }),
  may: (actor, { scope, unit }) => maySaveView(actor, scope, unit?.id ?? null),
  run: async (tx, { input, subject: { unit }, actor, now }) => {
    insistOpenable(input.query);
    const id = newId();
    const { businessUnit: _, ...own } = input;
    const [made] = await tx
      .insert(savedViews)
      .values({ ...own, id, ownerId: actor.id, businessUnitId: unit?.id ?? null, createdAt: now, updatedAt: now })
      .onConflictDoNothing()
      .returning({ id: savedViews.id });
    if (!made) throw taken(input.name);
    return {
      result: { id, list: input.list, name: input.name, query: input.query },
      entry: {
        subject: { kind: "view", id, ref: input.name },
        summary: `saved the view ${input.name} for ${unit?.name ?? viewScopeName[input.scope].toLowerCase()}`,
        body: { ...own, businessUnit: unit?.slug ?? null },
      },
    };
  },
});

async function findView(tx: Tx, id: string): Promise<typeof savedViews.$inferSelect> {
  const [view] = await tx.select().from(savedViews).where(eq(savedViews.id, id));
  if (!view) throw new Refusal("not_found", "There is no such view. It may have been dropped.");
  return view;
}

/** Gives a view another name, other filters, or shares it with others. */
export const editView = command({
  name: "view.edited",
  title: "Change a saved view",
  http: { method: "PATCH", path: "/views/{view}" },
  input: editViewInput,
  load: async (tx, input) => ({
    view: await findView(tx, input.view),
    scope: input.scope,
    unit: await unitOf(tx, input.scope, input.businessUnit),
  }),
  may: (actor, { view, scope, unit }) => {
    const verdict = mayKeepView(actor, view);
    return verdict.ok && scope ? maySaveView(actor, scope, unit?.id ?? null) : verdict;
  },
  run: async (tx, { input, subject: { view, unit }, now }) => {
    if (input.query !== undefined) insistOpenable(input.query);
    const before = { name: view.name, query: view.query, scope: view.scope, businessUnitId: view.businessUnitId };
    const after = {
      name: input.name ?? view.name,
      query: input.query ?? view.query,
      scope: input.scope ?? view.scope,
      businessUnitId: input.scope === undefined ? view.businessUnitId : (unit?.id ?? null),
    };
    const result = { id: view.id, list: view.list, name: after.name, query: after.query };
    if (JSON.stringify(before) === JSON.stringify(after)) return { unchanged: result };
    if (after.name !== view.name) {
      const [other] = await tx
        .select({ id: savedViews.id })
        .from(savedViews)
        .where(
          and(eq(savedViews.ownerId, view.ownerId), eq(savedViews.list, view.list), eq(savedViews.name, after.name)),
        );
      if (other) throw taken(after.name);
    }
    await tx
      .update(savedViews)
      .set({ ...after, updatedAt: now })
      .where(eq(savedViews.id, view.id));
    return {
      result,
      entry: {
        subject: { kind: "view", id: view.id, ref: after.name },
        summary: `changed the view ${after.name}`,
        body: { before, after },
      },
    };
  },
});

/** Drops a view; links to it lead to the whole list from then on. */
export const dropView = command({
  name: "view.dropped",
  title: "Drop a saved view",
  http: { method: "DELETE", path: "/views/{view}" },
  input: z.strictObject({ view: viewKey }),
  load: (tx, input) => findView(tx, input.view),
  may: mayKeepView,
  run: async (tx, { subject: view }) => {
    await tx.delete(savedViews).where(eq(savedViews.id, view.id));
    return {
      result: { id: view.id, name: view.name },
      entry: {
        subject: { kind: "view", id: view.id, ref: view.name },
        summary: `dropped the view ${view.name}`,
        body: { name: view.name, query: view.query, scope: view.scope },
      },
    };
  },
});
