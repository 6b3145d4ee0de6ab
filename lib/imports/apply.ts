import "server-only";
import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import type { Tx } from "@/db/client";
import { modelImportRows, modelImports } from "@/db/schema/imports";
import { models } from "@/db/schema/models";
import type { Actor } from "@/lib/core/actor";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { rememberApart } from "@/lib/models/near";
import { countsOf } from "./check";
import { importKey, mayApply } from "./import";
import { type Planned, planRows } from "./plan";
import { fileRows } from "./rows";

const changedSince = "Someone changed this model since the dry run. Check the file again to see what it would do now.";

/**
 * Carries a dry run out: what it showed, and nothing else. A row whose model changed since is left out and says so. One entry in the
 * log with every change, which stands in the history of each model that it concerns.
 */
export const applyImport = command({
  name: "models.imported",
  title: "Import a checked file of models",
  http: { method: "POST", path: "/imports/{import}/apply" },
  input: z.strictObject({ import: importKey }),
  load: async (tx, input) => {
    const [row] = await tx.select().from(modelImports).where(eq(modelImports.id, input.import)).for("update");
    if (!row) throw new Refusal("not_found", "There is no such dry run. Upload the file to make one.");
    return row;
  },
  may: (actor, made) => mayApply(actor, made),
  run: async (tx, { subject: made, actor, now }) => {
    if (made.state === "applied")
      throw new Refusal(
        "conflict",
        `${made.fileName} was imported already. Upload it again to see what is left to do.`,
      );
    const shown = new Map(
      (await tx.select().from(modelImportRows).where(eq(modelImportRows.importId, made.id))).map((r) => [r.line, r]),
    );
    const rows = await planRows(tx, fileRows(made.content.toString("utf8")).rows, actor);
    const planned = rows.map((row): Planned => {
      const before = shown.get(row.line);
      const same = before?.fate === row.fate && canonical(before.changes) === canonical(row.changes);
      return same || row.fate === "refused" || row.fate === "unchanged"
        ? row
        : { ...row, fate: "refused", changes: [], values: null, faults: [{ column: "name", message: changedSince }] };
    });
    const created = await create(tx, planned, actor, now);
    const updated = await update(tx, planned, now);
    const counts = countsOf(planned);
    const result = { id: made.id, fileName: made.fileName, counts };
    await tx
      .update(modelImports)
      .set({ state: "applied", appliedAt: now, counts })
      .where(and(eq(modelImports.id, made.id), eq(modelImports.state, "checked")));
    for (const row of planned) {
      const before = shown.get(row.line);
      if (before && before.fate !== row.fate)
        await tx
          .update(modelImportRows)
          .set({ fate: row.fate, changes: row.changes, faults: row.faults })
          .where(and(eq(modelImportRows.importId, made.id), eq(modelImportRows.line, row.line)));
    }
    return {
      result,
      entry: {
        subject: { kind: "import", id: made.id, ref: made.fileName },
        summary: `imported ${made.fileName}: created ${counts.create}, updated ${counts.update}, left out ${counts.refused}`,
        concerns: [...created.map((c) => c.id), ...updated.map((u) => u.id)],
        body: {
          fileName: made.fileName,
          sha256: made.sha256,
          counts,
          created: created.map(({ id, name, values }) => ({ id, ...values, name })),
          updated: updated.map(({ id, name, changes }) => ({ id, name, changes })),
          refused: planned
            .filter((r) => r.fate === "refused")
            .map(({ line, name, faults }) => ({ line, name, faults })),
        },
      },
    };
  },
});

/** The database gives JSON back with its keys in another order. */
const canonical = (changes: Planned["changes"]): string =>
  JSON.stringify(changes.map(({ column, from, to }) => [column, from, to]));

async function create(tx: Tx, planned: readonly Planned[], actor: Actor, now: Date) {
  const made = planned.flatMap((row) =>
    row.fate === "create" && row.values ? [{ ...row, values: row.values, id: newId() }] : [],
  );
  for (let i = 0; i < made.length; i += 500) {
    const rows = made.slice(i, i + 500).map(({ id, values }) => {
      const ownerId = values.ownerId ?? (actor.kind === "person" ? actor.id : null);
      return {
        description: "",
        method: "",
        team: "",
        ...values,
        platform: values.platform ?? ("other" as const),
        id,
        ownerId,
        stage: ownerId ? (values.stage ?? ("development" as const)) : ("unclaimed" as const),
        claimedAt: ownerId ? now : null,
        createdAt: now,
        updatedAt: now,
      };
    });
    const done = await tx.insert(models).values(rows).onConflictDoNothing().returning({ id: models.id });
    if (done.length !== rows.length)
      throw new Refusal("conflict", "Someone registered one of these models a moment ago. Check the file again.");
  }
  for (const { id, name, apartBecause } of made)
    if (apartBecause) await rememberApart(tx, id, name, apartBecause, `${actor.kind}:${actor.id}`, now);
  return made;
}

async function update(tx: Tx, planned: readonly Planned[], now: Date) {
  const done: { id: string; name: string; changes: Planned["changes"] }[] = [];
  for (const { fate, model, values, name, changes } of planned) {
    if (fate !== "update" || !model || !values) continue;
    const { name: _, ...set } = values;
    const [row] = await tx
      .update(models)
      .set({
        ...set,
        // An owner is what makes a model claimed.
        ...(values.ownerId && model.stage === "unclaimed" ? { stage: "development" as const } : {}),
        ...(values.ownerId ? { claimedAt: now } : {}),
        updatedAt: now,
        revision: sql`${models.revision} + 1`,
      })
      .where(and(eq(models.id, model.id), eq(models.revision, model.revision)))
      .returning({ id: models.id });
    if (!row) throw new Refusal("conflict", `Someone changed ${name} a moment ago. Check the file again.`);
    done.push({ id: model.id, name, changes });
  }
  return done;
}
