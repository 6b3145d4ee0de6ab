import "server-only";
import { and, eq } from "drizzle-orm";
import { adrs } from "@/db/schema/decisions";
import type { Actor } from "@/lib/core/actor";
import { command, type Done, type Unchanged } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { insistChecks, jobsForChecks } from "@/lib/decision-checks/put";

import { LinkAdr, mayRevise, mayWrite, NewAdr, ReviseAdr } from "./decision";
import { type About, about, lockedAdr, titleOf } from "./load";
import { insertAdr, storeRevision } from "./store";

type Written<O> = Promise<Done<O> | Unchanged<O>>;

const writer = (actor: Actor, subject: About) => mayWrite(actor, subject.unitId);

export const proposeAdr = command({
  name: "adr.proposed",
  title: "Propose a decision",
  http: { method: "POST", path: "/decisions", status: 201 },
  input: NewAdr,
  load: (tx, { model }) => about(tx, model),
  may: writer,
  async run(tx, { input, subject, actor, now }) {
    const title = titleOf(input.content);
    insistChecks(input.content);
    const adr = await insertAdr(tx, {
      content: input.content,
      title,
      about: subject,
      pattern: input.pattern,
      authorId: actor.id,
      now,
    });
    return {
      result: { ref: adr.ref, id: adr.id, revision: 1, digest: adr.digest, status: "proposed" as const },
      entry: {
        subject: { kind: "adr", id: adr.id, ref: adr.ref },
        modelId: subject.modelId,
        summary: `proposed ${adr.ref}: ${title}`,
        body: { title, revision: 1, digest: adr.digest, model: subject.modelName, pattern: input.pattern ?? null },
      },
      jobs: jobsForChecks(input.content),
    };
  },
});

/** Saving the same bytes again finds nothing to do, so that an editor may save as often as it likes. */
export const reviseAdr = command({
  name: "adr.revised",
  title: "Revise a proposed decision",
  http: { method: "POST", path: "/decisions/{ref}/revisions" },
  input: ReviseAdr,
  load: (tx, { ref }) => lockedAdr(tx, ref),
  may: mayRevise,
  async run(tx, { input, subject, actor, now }): Written<{ ref: string; revision: number; digest: string }> {
    if (subject.content.equals(Buffer.from(input.content, "utf8")))
      return { unchanged: { ref: subject.ref, revision: subject.currentRevision, digest: subject.digest } };
    if (input.basedOn !== subject.currentRevision)
      throw new Refusal(
        "conflict",
        `${subject.ref} has revision ${subject.currentRevision}, and you edited revision ${input.basedOn}. Compare the two, then save again.`,
      );
    const title = titleOf(input.content);
    insistChecks(input.content);
    const number = subject.currentRevision + 1;
    const digest = await storeRevision(tx, {
      adrId: subject.id,
      number,
      content: input.content,
      authorId: actor.id,
      now,
    });
    const [moved] = await tx
      .update(adrs)
      .set({ title, currentRevision: number, updatedAt: now })
      .where(and(eq(adrs.id, subject.id), eq(adrs.status, "proposed"), eq(adrs.currentRevision, input.basedOn)))
      .returning({ id: adrs.id });
    if (!moved) throw new Refusal("conflict", `${subject.ref} was changed by someone else a moment ago. Reload it.`);
    return {
      result: { ref: subject.ref, revision: number, digest },
      entry: {
        subject: { kind: "adr", id: subject.id, ref: subject.ref },
        modelId: subject.modelId,
        summary: `revised ${subject.ref} (revision ${number})`,
        body: { title, revision: number, digest, before: subject.digest },
      },
      jobs: jobsForChecks(input.content),
    };
  },
});

export const linkAdr = command({
  name: "adr.linked",
  title: "Link a decision to a model or a pattern",
  http: { method: "PUT", path: "/decisions/{ref}/links" },
  input: LinkAdr,
  load: (tx, { ref }) => lockedAdr(tx, ref),
  may: (actor, adr) => mayWrite(actor, adr.unitId),
  async run(tx, { input, subject, actor, now }): Written<{ ref: string }> {
    const model = input.model ? await about(tx, input.model) : null;
    if (model) {
      const there = mayWrite(actor, model.unitId);
      if (!there.ok) throw new Refusal(there.code, there.reason);
    }
    const set = {
      ...(input.model === undefined ? {} : { modelId: model?.modelId ?? null, businessUnitId: model?.unitId ?? null }),
      ...(input.pattern === undefined ? {} : { patternId: input.pattern }),
    };
    if (Object.keys(set).length === 0) return { unchanged: { ref: subject.ref } };
    await tx
      .update(adrs)
      .set({ ...set, updatedAt: now })
      .where(eq(adrs.id, subject.id));
    return {
      result: { ref: subject.ref },
      entry: {
        subject: { kind: "adr", id: subject.id, ref: subject.ref },
        modelId: model?.modelId ?? subject.modelId,
        summary: `changed what ${subject.ref} is about`,
        body: {
          model: input.model === undefined ? "unchanged" : (model?.modelName ?? null),
          pattern: input.pattern === undefined ? "unchanged" : input.pattern,
        },
      },
      jobs: jobsForChecks(subject.content.toString("utf8")),
    };
  },
});
