import "server-only";
import { and, eq } from "drizzle-orm";
import { adrSources } from "@/db/schema/adr-sources";
import type { Actor } from "@/lib/core/actor";
import { command, type Done, type Unchanged } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { evaluateJob } from "@/lib/decision-checks/put";
import { mentionsChecks } from "@/lib/decision-checks/written";
import type { Claim } from "./claims";
import { type Fate, ImportAdrs, mayWrite } from "./decision";
import { fateOf, type Incoming, type KnownFile, knownFiles, type Taken, takeFile } from "./files";
import { type About, about } from "./load";
import type { AdrStatus, Fault } from "./madr";
import { readRecordFile } from "./record-file";
import { sha256 } from "./store";

/** What became, or with `dryRun` would become, of each file. */
type Imported = {
  dryRun: boolean;
  files: {
    name: string;
    fate: Fate;
    /** Null in a dry run for a record that does not exist yet. */
    ref: string | null;
    title: string;
    digest: string;
    statusInFile: AdrStatus | null;
    claims: Claim[];
    faults: Fault[];
  }[];
};

/**
 * Takes Markdown files into the log of decisions, all or none. A record begins as proposed, whatever status its file claims: being
 * accepted means that a person who is not its author accepted exactly these bytes. The same name in the same collection is the same
 * record: sent again unchanged it does nothing, changed it revises a proposed record and shows as drift on one that is signed off.
 */
export const importAdrs = command({
  name: "adr.imported",
  title: "Import decisions from Markdown files",
  http: { method: "POST", path: "/decisions/import", status: 201 },
  input: ImportAdrs,
  load: (tx, { model }): Promise<About> => about(tx, model),
  may: (actor: Actor, subject) => mayWrite(actor, subject.unitId),
  async run(tx, { input, subject, actor, now }): Promise<Done<Imported> | Unchanged<Imported>> {
    const names = new Set<string>();
    const read = input.files.map((file, i) => {
      const one = incoming(file, i, names);
      names.add(file.name);
      return one;
    });
    const [there] = await tx
      .select({ id: adrSources.id })
      .from(adrSources)
      .where(and(eq(adrSources.kind, "files"), eq(adrSources.name, input.collection)));
    const known: ReadonlyMap<string, KnownFile> = there ? await knownFiles(tx, there.id) : new Map();
    for (const file of read) {
      const adr = known.get(file.path)?.adr;
      const may = adr ? mayWrite(actor, adr.unitId) : null;
      if (may && !may.ok) throw new Refusal(may.code, `${file.path} is ${adr?.ref}: ${may.reason}`);
    }
    const planned = read.map((file) => {
      const before = known.get(file.path);
      return told(file, fateOf(before, file.digest), before?.adr?.ref ?? null);
    });
    if (input.dryRun || planned.every((file) => file.fate === "unchanged"))
      return { unchanged: { dryRun: input.dryRun, files: planned } };

    const sourceId = there?.id ?? newId();
    if (!there)
      await tx
        .insert(adrSources)
        .values({ id: sourceId, kind: "files", name: input.collection, createdBy: actor.id, createdAt: now });
    await tx.update(adrSources).set({ syncedAt: now, triedAt: now }).where(eq(adrSources.id, sourceId));
    const taken: { file: Read; done: Taken }[] = [];
    for (const file of read) {
      const done = await takeFile(tx, {
        sourceId,
        incoming: file,
        known: known.get(file.path),
        about: subject,
        authorId: actor.id,
        now,
      });
      taken.push({ file, done });
    }
    const changed = taken.map(({ done }) => done).filter(({ fate }) => fate !== "unchanged");
    const [first] = changed;
    if (!first) throw new Error("an import that changes nothing ends above");
    return {
      result: { dryRun: false, files: taken.map(({ file, done }) => told(file, done.fate, done.ref)) },
      entry: {
        subject: { kind: "adr", id: first.id, ref: first.ref },
        modelId: subject.modelId,
        summary:
          changed.length === 1
            ? `imported ${first.ref} from ${first.path}`
            : `imported ${changed.length} decisions, ${first.ref} and following`,
        body: {
          model: subject.modelName,
          collection: input.collection,
          files: changed.map(({ path, ...rest }) => ({ name: path, ...rest })),
        },
      },
      jobs: read.some((file) => mentionsChecks(file.content)) ? [evaluateJob] : [],
    };
  },
});

type Read = Incoming & { faults: Fault[] };

function incoming(file: { name: string; content: string }, i: number, names: ReadonlySet<string>): Read {
  const refuse = (field: string, message: string): never => {
    throw new Refusal("invalid", `${file.name}: ${message}`, [{ field: `files.${i}.${field}`, message }]);
  };
  if (names.has(file.name)) refuse("name", "The same name is there twice.");
  const bytes = Buffer.from(file.content, "utf8");
  const found = readRecordFile(file.name, bytes);
  if (!found.ok) return refuse("content", found.reason);
  return { path: file.name, content: file.content, digest: sha256(bytes), record: found.record, faults: found.faults };
}

const told = (file: Read, fate: Fate, ref: string | null): Imported["files"][number] => ({
  name: file.path,
  fate,
  ref,
  title: (file.record.title ?? file.path).slice(0, 300),
  digest: file.digest,
  statusInFile: file.record.status,
  claims: file.record.claims,
  faults: file.faults,
});
