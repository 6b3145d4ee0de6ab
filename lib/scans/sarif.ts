import { createHash } from "node:crypto";
import { z } from "zod";
import { Refusal } from "@/lib/core/refusal";
import { critical, type Finding, maxFindings, type Scan, type Severity } from "./scan";

const text = z.string().max(100_000);
const rule = z.looseObject({
  id: text.optional(),
  shortDescription: z.looseObject({ text: text.optional() }).optional(),
  defaultConfiguration: z.looseObject({ level: text.optional() }).optional(),
  properties: z.looseObject({ "security-severity": z.coerce.number().optional().catch(undefined) }).optional(),
});
const result = z.looseObject({
  ruleId: text.optional(),
  ruleIndex: z.number().int().optional(),
  rule: z.looseObject({ id: text.optional(), index: z.number().int().optional() }).optional(),
  level: z.enum(["none", "note", "warning", "error"]).optional(),
  kind: z.string().max(50).default("fail"),
  message: z.looseObject({ text: text.optional() }).default({}),
  locations: z
    .array(
      z.looseObject({
        physicalLocation: z
          .looseObject({
            artifactLocation: z.looseObject({ uri: text.optional() }).optional(),
            region: z.looseObject({ startLine: z.number().optional() }).optional(),
          })
          .optional(),
      }),
    )
    .max(10_000)
    .optional(),
  partialFingerprints: z.record(z.string(), z.string()).optional(),
  fingerprints: z.record(z.string(), z.string()).optional(),
  baselineState: z.string().max(50).optional(),
  suppressions: z.array(z.looseObject({ status: z.string().max(50).optional() })).nullish(),
});
/** SARIF 2.1.0 (docs.oasis-open.org/sarif/sarif/v2.1.0), the part that counts here. */
export const sarif = z.looseObject({
  version: z.literal("2.1.0", "SARIF 2.1.0 is understood; have the tool write that version."),
  runs: z
    .array(
      z.looseObject({
        tool: z.looseObject({
          driver: z.looseObject({ name: z.string().min(1).max(200), rules: z.array(rule).max(50_000).default([]) }),
          extensions: z
            .array(z.looseObject({ rules: z.array(rule).max(50_000).default([]) }))
            .max(200)
            .default([]),
        }),
        automationDetails: z.looseObject({ id: z.string().max(300).optional() }).optional(),
        invocations: z
          .array(z.looseObject({ endTimeUtc: text.optional() }))
          .max(1000)
          .default([]),
        results: z.array(result).nullish(),
      }),
    )
    .min(1, "The report holds no run.")
    .max(50, "At most 50 runs."),
});

const levels: Readonly<Record<string, Severity>> = { error: "high", warning: "medium", note: "low", none: "info" };

/** The scans in a SARIF report, one for each tool and category. Throws `invalid` with the place of what is wrong. */
export function scansOfSarif(value: unknown): Scan[] {
  const parsed = sarif.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Refusal("invalid", `The report is no SARIF: ${issue?.path.join(".")}: ${issue?.message}`, [
      { field: issue?.path.join(".") ?? "", message: issue?.message ?? "" },
    ]);
  }
  return parsed.data.runs.map((run) => {
    const { driver, extensions } = run.tool;
    const results = run.results;
    // A run without results is one that failed: it says nothing about what is there (SARIF, section 3.14.23).
    if (!results)
      throw new Refusal(
        "invalid",
        `${driver.name} reports no results, so its run did not end. Send the report of one that did.`,
      );
    if (results.length > maxFindings)
      throw new Refusal("too_large", `${results.length} findings: at most ${maxFindings} in one report.`);
    const rules = new Map([...driver.rules, ...extensions.flatMap((e) => e.rules)].map((r) => [r.id, r]));
    const findings = new Map<string, Finding>();
    for (const r of results) {
      if (r.kind !== "fail" || r.baselineState === "absent") continue;
      const index = r.ruleIndex ?? r.rule?.index;
      const id = r.ruleId ?? r.rule?.id ?? (index === undefined ? undefined : driver.rules[index]?.id) ?? "unnamed";
      const about = rules.get(id) ?? (index === undefined ? undefined : driver.rules[index]);
      const score = about?.properties?.["security-severity"];
      const place = r.locations?.[0]?.physicalLocation;
      const uri = place?.artifactLocation?.uri;
      const finding: Finding = {
        fingerprint: fingerprintOf(id, uri, r),
        rule: id.slice(0, 250),
        severity:
          score === undefined
            ? (levels[r.level ?? about?.defaultConfiguration?.level ?? "warning"] ?? "medium")
            : critical(score),
        title: (r.message.text ?? about?.shortDescription?.text ?? id).slice(0, 500),
        location: uri ? `${uri}${place?.region?.startLine ? `:${place.region.startLine}` : ""}`.slice(0, 500) : null,
        closed: r.suppressions?.some((s) => (s.status ?? "accepted") === "accepted") ? "suppressed" : null,
      };
      findings.set(finding.fingerprint, finding);
    }
    const ended = run.invocations
      .flatMap((i) => (i.endTimeUtc ? [Date.parse(i.endTimeUtc)] : []))
      .filter(Number.isFinite);
    const category = run.automationDetails?.id;
    return {
      tool: `${driver.name}${category ? `/${category.replace(/\/[^/]*$/, "")}` : ""}`.slice(0, 250),
      scannedAt: ended.length > 0 ? new Date(Math.max(...ended)) : null,
      findings: [...findings.values()],
    };
  });
}

/** What stays the same of a finding when lines move: the tool's own fingerprint, else rule, file and message. */
function fingerprintOf(rule: string, uri: string | undefined, r: z.output<typeof result>): string {
  const own = Object.entries({ ...r.partialFingerprints, ...r.fingerprints }).sort(([a], [b]) => (a < b ? -1 : 1));
  const told = own.length > 0 ? own.flat() : [uri ?? "", r.message.text ?? ""];
  return createHash("sha256")
    .update(JSON.stringify([rule, ...told]))
    .digest("hex");
}
