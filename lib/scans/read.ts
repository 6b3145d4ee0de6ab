import { Refusal } from "@/lib/core/refusal";
import { scanOfCycloneDx } from "./cyclonedx";
import { scansOfSarif } from "./sarif";
import type { Scan, ScanFormat } from "./scan";

/** Reads a report's bytes: SARIF or CycloneDX as JSON in UTF-8, told by what they hold and never by their name. */
export function readReport(bytes: Buffer): { format: ScanFormat; scans: Scan[] } {
  if (bytes.length === 0) throw new Refusal("invalid", "The report is empty.");
  const packed = [
    [0x50, 0x4b],
    [0x1f, 0x8b],
    [0x28, 0xb5],
    [0x42, 0x5a],
  ].some(([a, b]) => bytes[0] === a && bytes[1] === b);
  if (packed)
    throw new Refusal("unsupported", "The report is compressed. Send the JSON itself; nothing is unpacked here.");
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new Refusal(
      "invalid",
      `The report is not valid JSON: ${cause instanceof Error ? cause.message : "unreadable"}.`,
      [],
      { cause },
    );
  }
  if (typeof value === "object" && value !== null && "bomFormat" in value)
    return { format: "cyclonedx", scans: [scanOfCycloneDx(value)] };
  return { format: "sarif", scans: scansOfSarif(value) };
}
