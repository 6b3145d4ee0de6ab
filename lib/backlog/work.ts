import "server-only";
import { and, eq, inArray, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { backlogItems, backlogModels, backlogSources } from "@/db/schema/backlog";
import { models } from "@/db/schema/models";
import type { Actor } from "@/lib/core/actor";
import { command, type Done, type Unchanged } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { inReach } from "@/lib/core/in-reach";
import { nextRef } from "@/lib/core/ref";
import { Refusal } from "@/lib/core/refusal";
import { givenPerson } from "@/lib/people/find";
import {
  type BacklogKind,
  closedStates,
  EditItem,
  gainFault,
  kindNoun,
  MoveItem,
  mayMove,
  mayOpen,
  mayWork,
  OpenItem,
  stateName,
} from "./backlog";
import { type FoundSource, foundSources } from "./sources";

type Item = typeof backlogItems.$inferSelect;

const subject = (item: Pick<Item, "id" | "ref">) => ({ kind: "backlog_item", id: item.id, ref: item.ref });
const prefix = { debt: "deb", capability: "cap" } as const satisfies Record<BacklogKind, string>;

/** The models that an input names, which the actor must see. */
async function seenModels(tx: Tx, names: readonly string[], actor: Actor): Promise<{ id: string; name: string }[]> {
  if (names.length === 0) return [];
  const found = await tx
    .select({ id: models.id, name: models.name })
    .from(models)
    .where(and(inArray(models.name, [...names]), inReach(actor, "inventory:read", models.businessUnitId)));
  const lost = names.find((name) => !found.some((m) => m.name === name));
  if (lost) {
    const message = `There is no model ${lost} in the inventory.`;
    throw new Refusal("invalid", `models: ${message}`, [{ field: "models", message }]);
  }
  return found;
}

type NewItem = {
  kind: BacklogKind;
  title: string;
  why: string;
  justification: string;
  points: number;
  gain: number;
  ownerId: string | null;
  modelIds: readonly string[];
  sources: readonly FoundSource[];
};

/** Writes an item with its models and sources; the command that opens it logs it. */
export async function insertItem(
  tx: Tx,
  item: NewItem,
  actor: Actor,
  now: Date,
): Promise<{ id: string; ref: string; modelIds: string[] }> {
  const { modelIds: given, sources, ...values } = item;
  const id = newId();
  const ref = await nextRef(tx, prefix[item.kind]);
  await tx.insert(backlogItems).values({ ...values, id, ref, state: "open", openedBy: actor.id, openedAt: now });
  const modelIds = [...new Set([...given, ...sources.flatMap((s) => s.modelId ?? [])])];
  if (modelIds.length > 0)
    await tx.insert(backlogModels).values(modelIds.map((modelId) => ({ id: newId(), itemId: id, modelId })));
  if (sources.length > 0)
    await tx.insert(backlogSources).values(sources.map((s) => ({ id: newId(), itemId: id, kind: s.kind, ref: s.ref })));
  return { id, ref, modelIds };
}

export const openItem = command({
  name: "backlog.opened",
  title: "Put architecture debt or a wanted capability on the backlog",
  http: { method: "POST", path: "/backlog", status: 201 },
  input: OpenItem,
  load: async (tx, input, actor) => ({
    models: await seenModels(tx, input.models, actor),
    sources: await foundSources(tx, input.sources, actor),
  }),
  may: (actor) => mayOpen(actor),
  run: async (tx, { input, subject: found, actor, now }) => {
    const { owner, models: names, sources: _, ...values } = input;
    insistGain(values.kind, values.gain);
    const person = owner ? await givenPerson(tx, owner, "owner") : null;
    const { id, ref, modelIds } = await insertItem(
      tx,
      { ...values, ownerId: person?.id ?? null, modelIds: found.models.map((m) => m.id), sources: found.sources },
      actor,
      now,
    );
    return {
      result: { ref },
      entry: {
        subject: subject({ id, ref }),
        modelId: modelIds.length === 1 ? (modelIds[0] ?? null) : null,
        concerns: modelIds,
        summary: `put ${ref} on the backlog, ${kindNoun[input.kind]} of ${input.points} points: ${input.title}`,
        body: { ...values, owner: person?.name ?? null, models: names, sources: found.sources },
      },
    };
  },
});

async function lockedItem(tx: Tx, ref: string): Promise<Item> {
  const [row] = await tx.select().from(backlogItems).where(eq(backlogItems.ref, ref.toUpperCase())).for("update");
  if (!row) throw new Refusal("not_found", `There is no ${ref} on the backlog.`);
  return row;
}

const concerned = async (tx: Tx, itemId: string): Promise<string[]> =>
  (await tx.select({ id: backlogModels.modelId }).from(backlogModels).where(eq(backlogModels.itemId, itemId))).map(
    (m) => m.id,
  );

function insistGain(kind: BacklogKind, gain: number): void {
  const message = gainFault(kind, gain);
  if (message) throw new Refusal("invalid", `gain: ${message}`, [{ field: "gain", message }]);
}

type Edited = { ref: string; revision: number };

export const editItem = command({
  name: "backlog.edited",
  title: "Weigh or describe an item of the backlog anew",
  http: { method: "PATCH", path: "/backlog/{ref}" },
  input: EditItem,
  load: (tx, { ref }) => lockedItem(tx, ref),
  may: mayWork,
  run: async (tx, { input, subject: before, actor }): Promise<Done<Edited> | Unchanged<Edited>> => {
    const { ref: _, revision, owner, models: names, ...given } = input;
    if (revision !== before.revision)
      throw new Refusal("conflict", `${before.ref} was changed since you read it. Reload it.`, [
        { field: "revision", message: `It is ${before.revision} now.` },
      ]);
    const ownerId =
      owner === undefined ? before.ownerId : owner === null ? null : (await givenPerson(tx, owner, "owner")).id;
    const was = await concerned(tx, before.id);
    // Models that the actor does not see stay as they are.
    const named = names === undefined ? null : await seenModels(tx, names, actor);
    const visible = named === null ? [] : await visibleOf(tx, was, actor);
    const modelIds =
      named === null ? was : [...new Set([...was.filter((id) => !visible.includes(id)), ...named.map((m) => m.id)])];
    const values = {
      title: given.title ?? before.title,
      why: given.why ?? before.why,
      justification: given.justification ?? before.justification,
      points: given.points ?? before.points,
      gain: given.gain ?? before.gain,
      ownerId,
    };
    insistGain(before.kind, values.gain);
    const changed: Record<string, { before: unknown; after: unknown }> = {};
    for (const key of ["title", "why", "justification", "points", "gain", "ownerId"] as const)
      if (values[key] !== before[key]) changed[key] = { before: before[key], after: values[key] };
    if ([...modelIds].sort().join() !== [...was].sort().join()) changed.models = { before: was, after: modelIds };
    if (Object.keys(changed).length === 0) return { unchanged: { ref: before.ref, revision } };
    await tx
      .update(backlogItems)
      .set({ ...values, revision: sql`${backlogItems.revision} + 1` })
      .where(eq(backlogItems.id, before.id));
    if (changed.models) {
      await tx.delete(backlogModels).where(eq(backlogModels.itemId, before.id));
      if (modelIds.length > 0)
        await tx.insert(backlogModels).values(modelIds.map((modelId) => ({ id: newId(), itemId: before.id, modelId })));
    }
    const points = changed.points ? `: ${before.points} points are ${values.points} now` : "";
    return {
      result: { ref: before.ref, revision: revision + 1 },
      entry: {
        subject: subject(before),
        concerns: [...new Set([...was, ...modelIds])],
        summary: `changed ${before.ref}${points}`,
        body: { changed },
      },
    };
  },
});

async function visibleOf(tx: Tx, ids: readonly string[], actor: Actor): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await tx
    .select({ id: models.id })
    .from(models)
    .where(and(inArray(models.id, [...ids]), inReach(actor, "inventory:read", models.businessUnitId)));
  return rows.map((r) => r.id);
}

type Moved = { ref: string; state: Item["state"] };

export const moveItem = command({
  name: "backlog.moved",
  title: "Plan, start, finish or drop an item of the backlog",
  http: { method: "POST", path: "/backlog/{ref}/state" },
  input: MoveItem,
  load: async (tx, { ref, state }) => ({ ...(await lockedItem(tx, ref)), to: state }),
  may: (actor, item) => mayMove(actor, item, item.to),
  run: async (tx, { input, subject: item, now }): Promise<Done<Moved> | Unchanged<Moved>> => {
    const result = { ref: item.ref, state: input.state };
    if (item.state === input.state) return { unchanged: result };
    const closes = closedStates.includes(input.state);
    await tx
      .update(backlogItems)
      .set({
        state: input.state,
        closedAt: closes ? now : null,
        closedReason: closes ? input.reason : null,
        revision: sql`${backlogItems.revision} + 1`,
      })
      .where(eq(backlogItems.id, item.id));
    return {
      result,
      entry: {
        subject: subject(item),
        concerns: await concerned(tx, item.id),
        summary: `moved ${item.ref} from ${stateName[item.state].toLowerCase()} to ${stateName[input.state].toLowerCase()}: ${input.reason.slice(0, 160)}`,
        body: { from: item.state, to: input.state, reason: input.reason, points: item.points },
      },
    };
  },
});
