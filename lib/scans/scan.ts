import { z } from "zod";

/** Vocabulary of scans: what a scanner found about a model, from SARIF 2.1.0 or CycloneDX. */
export const severities = ["critical", "high", "medium", "low", "info"] as const;
export type Severity = (typeof severities)[number];

export const formats = ["sarif", "cyclonedx"] as const;
export type ScanFormat = (typeof formats)[number];

/** Bytes of a report, at most. */
export const maxScanBytes = 20 * 1024 * 1024;
/** Findings of a report, at most. */
export const maxFindings = 20_000;
/** A critical finding is overdue after so many days (readiness item sec-2). */
export const criticalDays = 7;

/** Tools that look for secrets: what they find open is `security.secrets_found`. */
export const secretScanners = /gitleaks|trufflehog|detect-secrets|secret/i;

export type Finding = {
  fingerprint: string;
  rule: string;
  severity: Severity;
  title: string;
  location: string | null;
  /** Why it counts as closed although the report names it; null: it is open. */
  closed: "suppressed" | "not_affected" | "fixed" | null;
};

/** What one tool found in one scan. */
export type Scan = {
  tool: string;
  /** When the scan ended, where the report says. */
  scannedAt: Date | null;
  findings: Finding[];
};

export const critical = (score: number): Severity =>
  score >= 9 ? "critical" : score >= 7 ? "high" : score >= 4 ? "medium" : score > 0 ? "low" : "info";

/** What stands in the address of an uploaded report. */
export const scanAddress = z.strictObject({
  model: z.string().trim().min(1, "Name the model.").max(250, "At most 250 characters."),
  /** The CI job or run that scanned. */
  run: z.string().trim().max(500, "At most 500 characters.").optional(),
});
