import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { adrSources } from "@/db/schema/adr-sources";
import { type Ctx, command, type Job } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { parse } from "@/lib/core/parse";
import { insist, Refusal } from "@/lib/core/refusal";
import { about } from "./load";
import { readRecordFile } from "./record-file";
import { mayManageSources, NewSource, OneSource } from "./source";
import { type Reach, readTree } from "./tree";

export const sourceJob = (id: string): Job => ({
  name: "decisions.sync",
  payload: { id },
  uniqueKey: `decisions.sync:${id}`,
});

export const addSource = command({
  name: "adr.source.added",
  title: "Read decisions from a Git repository or a folder",
  http: { method: "POST", path: "/decisions/sources", status: 201 },
  input: NewSource,
  load: (tx, { model }) => about(tx, model),
  may: (actor, subject) => mayManageSources(actor, subject.unitId),
  async run(tx, { input, subject, actor, now }) {
    const [same] = await tx.select({ id: adrSources.id }).from(adrSources).where(eq(adrSources.name, input.name));
    if (same)
      throw new Refusal("conflict", `There is a source named ${input.name} already.`, [
        { field: "name", message: "Choose another name." },
      ]);
    const id = newId();
    const { kind, name, address, branch = null, globs } = input;
    await tx.insert(adrSources).values({
      id,
      kind,
      name,
      address,
      branch,
      globs,
      businessUnitId: subject.unitId,
      modelId: subject.modelId,
      createdBy: actor.id,
      createdAt: now,
    });
    return {
      result: { id, name },
      entry: {
        subject: { kind: "adr_source", id, ref: name },
        modelId: subject.modelId,
        summary: `began to read decisions from ${name}`,
        body: { kind, address, branch, globs, model: subject.modelName },
      },
      jobs: [sourceJob(id)],
    };
  },
});

async function oneSource(tx: Tx, id: string) {
  const [source] = await tx
    .select()
    .from(adrSources)
    .where(and(eq(adrSources.id, id), isNull(adrSources.endedAt)))
    .for("update");
  if (!source || source.kind === "files") throw new Refusal("not_found", "There is no such source.");
  return source;
}

export const syncSourceNow = command({
  name: "adr.source.asked",
  title: "Read a source of decisions now",
  http: { method: "POST", path: "/decisions/sources/{id}/sync" },
  input: OneSource,
  load: (tx, { id }) => oneSource(tx, id),
  may: (actor, source) => mayManageSources(actor, source.businessUnitId),
  run: async (_tx, { subject: source }) => ({
    result: { id: source.id },
    entry: {
      subject: { kind: "adr_source", id: source.id, ref: source.name },
      modelId: source.modelId,
      summary: `asked to read ${source.name} now`,
      body: { commit: source.commit },
    },
    jobs: [sourceJob(source.id)],
  }),
});

/** Its records stay, and may be revised in the portal from then on. */
export const endSource = command({
  name: "adr.source.ended",
  title: "Stop reading decisions from a source; its records stay",
  http: { method: "POST", path: "/decisions/sources/{id}/end" },
  input: OneSource,
  load: (tx, { id }) => oneSource(tx, id),
  may: (actor, source) => mayManageSources(actor, source.businessUnitId),
  async run(tx, { subject: source, now }) {
    await tx.update(adrSources).set({ endedAt: now }).where(eq(adrSources.id, source.id));
    return {
      result: { id: source.id },
      entry: {
        subject: { kind: "adr_source", id: source.id, ref: source.name },
        modelId: source.modelId,
        summary: `stopped reading decisions from ${source.name}`,
        body: { commit: source.commit },
      },
    };
  },
});

/** What a source would bring, read now and recorded nowhere. Refuses whom adding it would refuse. */
export async function previewSource(ctx: Ctx, raw: unknown, reach: Reach) {
  const input = parse(NewSource, raw);
  insist(mayManageSources(ctx.actor, (await about(ctx.db, input.model)).unitId));
  const id = `preview-${ctx.actor.id}`;
  const tree = await readTree({ id, ...input, branch: input.branch ?? null }, reach);
  const files = [];
  for (const file of tree.files) {
    if ("reason" in file) files.push({ path: file.path, title: null, reason: file.reason });
    else {
      const read = readRecordFile(file.path, await file.read());
      files.push(
        read.ok
          ? { path: file.path, title: read.record.title, reason: null }
          : { path: file.path, title: null, reason: read.reason },
      );
    }
  }
  return { commit: tree.commit, files };
}
