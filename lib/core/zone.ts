import { z } from "zod";
import type { Day } from "./business-days";

// Making a formatter costs a hundred times what using it does.
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  formats.set(zone, made);
  return made;
}

/** Whether a name is a place in the IANA time zone database, or UTC. Offsets such as +01:00 know no daylight saving and are none. */
export function isZone(zone: string): boolean {
  if (zone !== "UTC" && !/^[A-Za-z]+(\/[A-Za-z0-9_+-]+)+$/.test(zone)) return false;
  try {
    formatOf(zone);
    return true;
  } catch {
    // RangeError: Intl knows no such zone.
    return false;
  }
}

/** The zones that forms offer, UTC first. */
export const timeZones = (): string[] => [...new Set(["UTC", ...Intl.supportedValuesOf("timeZone")])];

/** A time zone as an input names it. */
export const TimeZone = z
  .string()
  .trim()
  .max(60, "Use at most 60 characters.")
  .refine(isZone, "Name a time zone by its place, such as Europe/Berlin, or UTC.");

/** What the clocks of a zone show at an instant. */
export function localOf(at: Date, zone: string): { day: Day; time: string } {
  const parts: Record<string, string> = {};
  for (const part of formatOf(zone).formatToParts(at)) parts[part.type] = part.value;
  return {
    day: `${parts.year?.padStart(4, "0")}-${parts.month}-${parts.day}`,
    time: `${parts.hour}:${parts.minute}`,
  };
}
