import "server-only";
import { eq, inArray } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { backlogItems } from "@/db/schema/backlog";
import { milestoneItems, milestoneMoves, milestones } from "@/db/schema/roadmap";
import { quarterOf } from "@/lib/backlog/quarter";
import { loadContent } from "@/lib/content/load";
import { command, type Done, type Unchanged } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { nextRef } from "@/lib/core/ref";
import { Refusal } from "@/lib/core/refusal";
import { givenPerson } from "@/lib/people/find";
import { AddMilestone, LinkItems, MoveMilestone, mayKeep, milestoneStateName, SetMilestone } from "./milestone";

type Row = typeof milestones.$inferSelect;

const subject = (row: Pick<Row, "id" | "ref">) => ({ kind: "milestone", id: row.id, ref: row.ref });

async function locked(tx: Tx, ref: string): Promise<Row> {
  const [row] = await tx.select().from(milestones).where(eq(milestones.ref, ref.toUpperCase())).for("update");
  if (!row) throw new Refusal("not_found", `There is no milestone ${ref}.`);
  return row;
}

async function foundItems(tx: Tx, refs: readonly string[]): Promise<string[]> {
  const wanted = [...new Set(refs.map((r) => r.toUpperCase()))];
  if (wanted.length === 0) return [];
  const found = await tx
    .select({ id: backlogItems.id, ref: backlogItems.ref })
    .from(backlogItems)
    .where(inArray(backlogItems.ref, wanted));
  const lost = wanted.find((ref) => !found.some((f) => f.ref === ref));
  if (lost) {
    const message = `There is no ${lost} on the backlog.`;
    throw new Refusal("invalid", `items: ${message}`, [{ field: "items", message }]);
  }
  return found.map((f) => f.id);
}

const link = async (tx: Tx, milestoneId: string, itemIds: readonly string[]): Promise<void> => {
  if (itemIds.length > 0)
    await tx.insert(milestoneItems).values(itemIds.map((itemId) => ({ id: newId(), milestoneId, itemId })));
};

function insistAhead(quarter: string, now: Date): void {
  if (quarter < quarterOf(now))
    throw new Refusal("invalid", `quarter: ${quarter} is over.`, [{ field: "quarter", message: "Is over." }]);
}

export const addMilestone = command({
  name: "milestone.added",
  title: "Add a milestone to the roadmap",
  http: { method: "POST", path: "/roadmap", status: 201 },
  input: AddMilestone,
  load: async () => null,
  may: (actor) => mayKeep(actor),
  run: async (tx, { input, actor, now }) => {
    insistAhead(input.quarter, now);
    const { phase = null, owner, items: refs, ...given } = input;
    const phases = loadContent().blueprints[0]?.phases ?? [];
    if (phase !== null && !phases.some((p) => p.id === phase)) {
      const message = `The blueprint has no phase ${phase}.`;
      throw new Refusal("invalid", `phase: ${message}`, [{ field: "phase", message }]);
    }
    const person = owner ? await givenPerson(tx, owner, "owner") : null;
    const itemIds = await foundItems(tx, refs);
    const id = newId();
    const ref = await nextRef(tx, "mst");
    await tx.insert(milestones).values({
      ...given,
      id,
      ref,
      phase,
      firstQuarter: given.quarter,
      state: "planned",
      ownerId: person?.id ?? null,
      addedAt: now,
      addedBy: actor.id,
    });
    await link(tx, id, itemIds);
    return {
      result: { ref },
      entry: {
        subject: subject({ id, ref }),
        summary: `added ${ref} to the roadmap for ${given.quarter}: ${given.title}`,
        body: { ...given, phase, owner: person?.name ?? null, items: refs },
      },
    };
  },
});

type Kept = { ref: string };

/** Moves the quarter; where it stood before, and why it moved, stays on the page. */
export const moveMilestone = command({
  name: "milestone.moved",
  title: "Move a milestone to another quarter",
  http: { method: "POST", path: "/roadmap/{ref}/quarter" },
  input: MoveMilestone,
  load: (tx, { ref }) => locked(tx, ref),
  may: mayKeep,
  run: async (tx, { input, subject: row, actor, now }): Promise<Done<Kept> | Unchanged<Kept>> => {
    if (input.quarter === row.quarter) return { unchanged: { ref: row.ref } };
    insistAhead(input.quarter, now);
    await tx.update(milestones).set({ quarter: input.quarter }).where(eq(milestones.id, row.id));
    await tx.insert(milestoneMoves).values({
      id: newId(),
      milestoneId: row.id,
      fromQuarter: row.quarter,
      toQuarter: input.quarter,
      reason: input.reason,
      movedBy: actor.id,
      movedAt: now,
    });
    return {
      result: { ref: row.ref },
      entry: {
        subject: subject(row),
        summary: `moved ${row.ref} from ${row.quarter} to ${input.quarter}: ${input.reason.slice(0, 160)}`,
        body: { from: row.quarter, to: input.quarter, first: row.firstQuarter, reason: input.reason },
      },
    };
  },
});

export const setMilestone = command({
  name: "milestone.state.set",
  title: "Say that a milestone is under way, reached or dropped",
  http: { method: "POST", path: "/roadmap/{ref}/state" },
  input: SetMilestone,
  load: (tx, { ref }) => locked(tx, ref),
  may: mayKeep,
  run: async (tx, { input, subject: row, now }): Promise<Done<Kept> | Unchanged<Kept>> => {
    if (input.state === row.state) return { unchanged: { ref: row.ref } };
    const over = input.state === "reached" || input.state === "dropped";
    await tx
      .update(milestones)
      .set({
        state: input.state,
        reachedAt: input.state === "reached" ? now : null,
        closedReason: over ? input.reason : null,
      })
      .where(eq(milestones.id, row.id));
    return {
      result: { ref: row.ref },
      entry: {
        subject: subject(row),
        summary: `said that ${row.ref} is ${milestoneStateName[input.state].toLowerCase()}: ${input.reason.slice(0, 160)}`,
        body: { from: row.state, to: input.state, quarter: row.quarter, reason: input.reason },
      },
    };
  },
});

/** Says anew which debt and capabilities a milestone takes. */
export const linkItems = command({
  name: "milestone.items.linked",
  title: "Link a milestone to what of the backlog it takes",
  http: { method: "PUT", path: "/roadmap/{ref}/items" },
  input: LinkItems,
  load: (tx, { ref }) => locked(tx, ref),
  may: mayKeep,
  run: async (tx, { input, subject: row }): Promise<Done<Kept> | Unchanged<Kept>> => {
    const itemIds = await foundItems(tx, input.items);
    const before = (
      await tx.select({ id: milestoneItems.itemId }).from(milestoneItems).where(eq(milestoneItems.milestoneId, row.id))
    ).map((i) => i.id);
    if ([...before].sort().join() === [...itemIds].sort().join()) return { unchanged: { ref: row.ref } };
    await tx.delete(milestoneItems).where(eq(milestoneItems.milestoneId, row.id));
    await link(tx, row.id, itemIds);
    return {
      result: { ref: row.ref },
      entry: {
        subject: subject(row),
        summary: `linked ${row.ref} to ${input.items.length} ${input.items.length === 1 ? "item" : "items"} of the backlog`,
        body: { items: input.items, before },
      },
    };
  },
});
