import { createHash } from "node:crypto";
import { z } from "zod";
import { Refusal } from "@/lib/core/refusal";
import { critical, type Finding, maxFindings, type Scan, type Severity, severities } from "./scan";

const text = z.string().max(100_000);
/** CycloneDX 1.4 to 1.7, JSON (cyclonedx.org/docs), the part that counts here. */
export const bom = z.looseObject({
  bomFormat: z.literal("CycloneDX"),
  specVersion: z.string().regex(/^1\.[4-7]$/, "CycloneDX 1.4 to 1.7 is understood."),
  metadata: z
    .looseObject({
      timestamp: text.optional(),
      tools: z
        .union([
          z.array(z.looseObject({ name: text.optional() })),
          z.looseObject({ components: z.array(z.looseObject({ name: text.optional() })).optional() }),
        ])
        .optional(),
    })
    .optional(),
  vulnerabilities: z
    .array(
      z.looseObject({
        id: z.string().min(1).max(250),
        description: text.optional(),
        ratings: z
          .array(z.looseObject({ severity: z.string().max(50).optional(), score: z.number().optional() }))
          .max(1000)
          .default([]),
        affects: z
          .array(z.looseObject({ ref: text }))
          .max(50_000)
          .default([]),
        analysis: z.looseObject({ state: z.string().max(50).optional() }).optional(),
      }),
    )
    .max(maxFindings, `At most ${maxFindings} vulnerabilities.`)
    .default([]),
});

const closedBy: Readonly<Record<string, Finding["closed"]>> = {
  resolved: "fixed",
  resolved_with_pedigree: "fixed",
  false_positive: "not_affected",
  not_affected: "not_affected",
};

/** The vulnerabilities of a CycloneDX bill of materials. Throws `invalid` with the place of what is wrong. */
export function scanOfCycloneDx(value: unknown): Scan {
  const parsed = bom.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Refusal("invalid", `The report is no CycloneDX: ${issue?.path.join(".")}: ${issue?.message}`, [
      { field: issue?.path.join(".") ?? "", message: issue?.message ?? "" },
    ]);
  }
  const { metadata, vulnerabilities } = parsed.data;
  const tools = Array.isArray(metadata?.tools) ? metadata.tools : (metadata?.tools?.components ?? []);
  const at = Date.parse(metadata?.timestamp ?? "");
  const findings = new Map<string, Finding>();
  for (const v of vulnerabilities) {
    const refs = v.affects.map((a) => a.ref).sort();
    const fingerprint = createHash("sha256")
      .update(JSON.stringify([v.id, ...refs]))
      .digest("hex");
    findings.set(fingerprint, {
      fingerprint,
      rule: v.id,
      severity: worst(v.ratings),
      title: (v.description ?? v.id).slice(0, 500),
      location: refs[0]?.slice(0, 500) ?? null,
      closed: closedBy[v.analysis?.state ?? ""] ?? null,
    });
  }
  return {
    tool: (tools[0]?.name ?? "CycloneDX").slice(0, 250),
    scannedAt: Number.isFinite(at) ? new Date(at) : null,
    findings: [...findings.values()],
  };
}

/** The worst of the ratings; without any, as bad as a high one: unknown is not harmless. */
function worst(ratings: readonly { severity?: string | undefined; score?: number | undefined }[]): Severity {
  const ranked = ratings.flatMap((r): Severity[] => {
    const named = severities.find((s) => s === r.severity || (s === "info" && r.severity === "none"));
    if (named) return [named];
    return r.score === undefined ? [] : [critical(r.score)];
  });
  return severities.find((s) => ranked.includes(s)) ?? "high";
}
