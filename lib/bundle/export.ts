import "server-only";
import { randomBytes } from "node:crypto";
import { eq, or, sql } from "drizzle-orm";
import { z } from "zod";
import { models } from "@/db/schema/models";
import { releases } from "@/db/schema/releases";
import { holds } from "@/lib/core/actor";
import { command } from "@/lib/core/command";
import { no, Refusal, yes } from "@/lib/core/refusal";
import { seesRelease } from "@/lib/releases/visible";
import { hosts } from "@/lib/signing/hosts";
import { signWithPortal } from "@/lib/signing/store";
import { buildContents } from "./build";
import type { Bundle } from "./format";
import { sealStatement } from "./seal";

/**
 * Exports a release's bundle, sealed by the portal. An export is itself a thing that happened: who took a bundle is in the
 * log. The answer, written as compact JSON, is the file that `countersign verify` reads.
 */
export const exportBundle = command({
  name: "release.bundle.exported",
  title: "Export a release's bundle for offline verification",
  http: { method: "GET", path: "/releases/{release}/bundle" },
  input: z.strictObject({
    /** Reference (REL-0412) or id of the release. */
    release: z.string().min(1, "Name the release.").max(40, "A release is named by its reference, such as REL-0412."),
  }),
  load: async (tx, input, actor) => {
    const [found] = await tx
      .select({ row: releases, unitId: models.businessUnitId })
      .from(releases)
      .innerJoin(models, eq(models.id, releases.modelId))
      .where(or(eq(releases.ref, input.release.toUpperCase()), sql`${releases.id}::text = ${input.release}`));
    const row = found && seesRelease(actor, found.unitId) ? found.row : null;
    if (!row) throw new Refusal("not_found", `There is no release ${input.release}.`);
    return row;
  },
  may: (actor) =>
    holds(actor, "releases:read")
      ? yes
      : no("forbidden", "Your roles do not let you see releases. Ask an administrator for the role Viewer."),
  run: async (tx, { subject, now }) => {
    const { name, log } = hosts();
    const contents = await buildContents(tx, subject, { host: name, logOrigin: log }, now);
    const seal = await signWithPortal(tx, { ...sealStatement(contents, randomBytes(16).toString("hex")), now });
    const bundle: Bundle = { ...contents, seal: seal.envelope };
    return {
      result: bundle,
      entry: {
        subject: { kind: "release", id: subject.id, ref: subject.ref },
        modelId: subject.modelId,
        summary: `exported the bundle of ${subject.ref}`,
        body: { release: subject.ref, seal: seal.sha256.toString("hex") },
      },
      signatures: [seal.leaf],
    };
  },
});
