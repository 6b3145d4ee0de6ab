import "server-only";
import { sql } from "drizzle-orm";
import { command } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { finish, modelIds } from "./finish";
import {
  apartInput,
  type Before,
  ignoreInput,
  itemKindName,
  itemKinds,
  longestIgnoreDays,
  maySettle,
  retireInput,
} from "./reconciliation";
import { named, type Selected, selected } from "./select";

/** Marks models as retired that no registry holds any more, or that nobody will claim. */
export const retireModels = command({
  name: "reconciliation.retired",
  title: "Mark models as retired",
  http: { method: "POST", path: "/reconciliation/retire" },
  input: retireInput,
  load: (tx, input, actor) =>
    selected(tx, input.select, actor, ["vanished", "renamed", "unclaimed", "ownerless"], "marked as retired"),
  may: maySettle,
  run: async (tx, { input, subject: items, actor, now }) => {
    const ids = items.flatMap((i) => (i.model ? [i.model.id] : []));
    const { rows } = await tx.execute<{ id: string }>(sql`
      update model set stage = 'retired', updated_at = ${now.toISOString()}::timestamptz, revision = revision + 1
      where id = any(${`{${ids.join(",")}}`}::uuid[]) and stage <> 'retired' returning id`);
    if (rows.length !== new Set(ids).size)
      throw new Refusal("conflict", "Some of these were retired a moment ago. Reload the list and select again.");
    const before: Before[] = items.flatMap(({ model: m }) =>
      m ? [{ modelId: m.id, name: m.name, stage: m.stage }] : [],
    );
    const summary = `marked ${named(items)} as retired`;
    const action = await finish(
      tx,
      { name: "reconciliation.retired", summary, items, before, actor, now },
      { status: "settled", reason: input.reason },
    );
    return {
      result: { action, retired: rows.length },
      entry: {
        subject: { kind: "reconciliation", id: action, ref: named(items) },
        modelId: ids.length === 1 ? ids[0] : null,
        concerns: ids,
        summary,
        body: { reason: input.reason, after: { stage: "retired" }, before },
      },
    };
  },
});

const told = (items: readonly Selected[]) =>
  items.map((i) => ({ kind: i.kind, model: i.model?.name ?? i.seenName, other: i.other?.name ?? null }));

/** Puts differences aside until a day; then they are open again. */
export const ignoreItems = command({
  name: "reconciliation.ignored",
  title: "Ignore differences until a day",
  http: { method: "POST", path: "/reconciliation/ignore" },
  input: ignoreInput,
  load: (tx, input, actor) => selected(tx, input.select, actor, itemKinds, "ignored"),
  may: maySettle,
  run: async (tx, { input, subject: items, actor, now }) => {
    const days = (input.until.getTime() - now.getTime()) / 86_400_000;
    if (days <= 0 || days > longestIgnoreDays) {
      const message =
        days <= 0
          ? "Lies in the past."
          : `At most ${longestIgnoreDays} days ahead; decide instead of ignoring for longer.`;
      throw new Refusal("invalid", `until: ${message}`, [{ field: "until", message }]);
    }
    const kinds = new Set(items.map((i) => i.kind));
    const [kind] = kinds;
    const what =
      items.length === 1 && kind ? `${itemKindName[kind].toLowerCase()}: ${named(items)}` : named(items, "differences");
    const summary = `ignored ${what} until ${input.until.toISOString().slice(0, 10)}`;
    const action = await finish(
      tx,
      { name: "reconciliation.ignored", summary, items, before: [], actor, now },
      { status: "ignored", reason: input.reason, until: input.until },
    );
    const ids = modelIds(items);
    return {
      result: { action, ignored: items.length },
      entry: {
        subject: { kind: "reconciliation", id: action, ref: named(items, "differences") },
        modelId: ids.length === 1 ? ids[0] : null,
        concerns: ids,
        summary,
        body: { reason: input.reason, until: input.until.toISOString(), items: told(items) },
      },
    };
  },
});

/** Says that records which look alike are different models, and why. They are not brought up again. */
export const keepApart = command({
  name: "reconciliation.kept_apart",
  title: "Keep records apart",
  http: { method: "POST", path: "/reconciliation/keep-apart" },
  input: apartInput,
  load: (tx, input, actor) => selected(tx, input.select, actor, ["duplicate", "renamed"], "kept apart"),
  may: maySettle,
  run: async (tx, { input, subject: items, actor, now }) => {
    const [first] = items;
    const summary =
      items.length === 1 && first
        ? `kept ${first.model?.name} and ${first.other?.name} apart`
        : `kept ${items.length} pairs of records apart`;
    const action = await finish(
      tx,
      { name: "reconciliation.kept_apart", summary, items, before: [], actor, now },
      { status: "apart", reason: input.reason },
    );
    return {
      result: { action, pairs: items.length },
      entry: {
        subject: { kind: "reconciliation", id: action, ref: named(items, "pairs") },
        concerns: modelIds(items),
        summary,
        body: { reason: input.reason, pairs: told(items) },
      },
    };
  },
});
