import "server-only";
import { and, eq, inArray } from "drizzle-orm";
import { z } from "zod";
import { sourceFiles } from "@/db/schema/sources";
import { mayManageConnections } from "@/lib/connections/connection";
import { prometheusSettings } from "@/lib/connectors/prometheus/kind";
import { parseSloFile } from "@/lib/connectors/prometheus/slo-files";
import { sha256Hex } from "@/lib/connectors/text";
import { command, type Done, type Unchanged } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { yes } from "@/lib/core/refusal";
import { loadPrometheus } from "./files";
import { maxFileChars } from "./source";

const given = z.strictObject({
  name: z.string().min(1).max(4096),
  blob: z.string().max(64),
  /** Null: as it is stored. */
  content: z.string().max(maxFileChars).nullable(),
});
export type Given = z.output<typeof given>;

type Took = { taken: number; removed: number; refused: { name: string; fault: string }[] };

/** Keeps what a connection's repository holds now. A sync is its only door; one that finds nothing new writes nothing. */
export const takeGitFiles = command({
  name: "source.files.read",
  title: "Read files of SLOs from Git",
  http: null,
  input: z.strictObject({
    id: z.uuid(),
    /** Null: the connection reads from no repository any more. */
    repository: z.string().max(500).nullable(),
    commit: z.string().max(64).nullable(),
    files: z.array(given).max(500),
  }),
  load: (tx, input) => loadPrometheus(tx, input.id),
  may: (actor) => (actor.kind === "connector" ? yes : mayManageConnections(actor)),
  run: async (tx, { input, subject: connection, now }): Promise<Done<Took> | Unchanged<Took>> => {
    const { modelLabel } = prometheusSettings.parse(connection.settings);
    const before = await tx.select().from(sourceFiles).where(eq(sourceFiles.connectionId, connection.id)).for("update");
    const byName = new Map(before.map((f) => [f.name, f]));
    const refused: Took["refused"] = [];
    const taken: { name: string; sha256: string; slos: number }[] = [];
    for (const { name, blob, content } of input.files) {
      const old = byName.get(name);
      if (content === null || (old?.gitCommit && old.gitBlob === blob)) continue;
      if (old && !old.gitCommit) {
        refused.push({ name, fault: "A file of this name was uploaded. Remove that, then this one is read." });
        continue;
      }
      const { slos, faults } = parseSloFile(content, modelLabel);
      const fault = faults[0] ?? (slos.length === 0 ? "Holds no SLO of Sloth, Pyrra or OpenSLO." : null);
      if (fault) {
        refused.push({ name, fault });
        continue;
      }
      const sha256 = sha256Hex(content);
      const row = {
        content,
        sha256,
        definitions: slos.length,
        uploadedBy: input.repository ?? "",
        uploadedAt: now,
        gitCommit: input.commit,
        gitBlob: blob,
      };
      await tx
        .insert(sourceFiles)
        .values({ id: newId(), connectionId: connection.id, name, ...row })
        .onConflictDoUpdate({ target: [sourceFiles.connectionId, sourceFiles.name], set: row });
      taken.push({ name, sha256, slos: slos.length });
    }
    const there = new Set(input.files.map((f) => f.name));
    const gone = before.filter((f) => f.gitCommit !== null && !there.has(f.name));
    if (gone.length > 0)
      await tx.delete(sourceFiles).where(
        and(
          eq(sourceFiles.connectionId, connection.id),
          inArray(
            sourceFiles.name,
            gone.map((f) => f.name),
          ),
        ),
      );
    const result = { taken: taken.length, removed: gone.length, refused };
    if (taken.length + gone.length === 0) return { unchanged: result };
    return {
      result,
      entry: {
        subject: { kind: "connection", id: connection.id, ref: connection.name },
        summary: input.commit
          ? `read ${taken.length} changed and ${gone.length} removed files of SLOs for ${connection.name} at ${input.commit.slice(0, 12)}`
          : `reads files of SLOs for ${connection.name} from Git no more`,
        body: {
          repository: input.repository,
          commit: input.commit,
          taken,
          removed: gone.map((f) => ({ name: f.name, sha256: f.sha256 })),
        },
      },
    };
  },
});
