import { jsonOf } from "@/lib/http/report";
import { scanOfCycloneDx } from "./cyclonedx";
import { scansOfSarif } from "./sarif";
import type { Scan, ScanFormat } from "./scan";

/** Reads a report's bytes: SARIF or CycloneDX as JSON in UTF-8, told by what they hold and never by their name. */
export function readReport(bytes: Buffer): { format: ScanFormat; scans: Scan[] } {
  const value = jsonOf(bytes);
  if (typeof value === "object" && value !== null && "bomFormat" in value)
    return { format: "cyclonedx", scans: [scanOfCycloneDx(value)] };
  return { format: "sarif", scans: scansOfSarif(value) };
}
