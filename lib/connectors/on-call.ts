import type { Observation } from "./source";

/** Someone on call at a level; null: since ever, or for good. Milliseconds. */
export type Shift = { level: number; start: number | null; end: number | null };

/** A handover may leave this much open. */
const seamMs = 60_000;

/** For how many days from `now` on somebody is on call at the first level without a gap, up to `until`. */
export function coveredDays(shifts: readonly Shift[], now: number, until: number): number {
  const first = shifts
    .filter((s) => s.level === 1)
    .map((s) => ({ start: s.start ?? Number.NEGATIVE_INFINITY, end: s.end ?? Number.POSITIVE_INFINITY }))
    .sort((a, b) => a.start - b.start);
  let covered = now;
  for (const { start, end } of first) {
    if (start > covered + seamMs) break;
    covered = Math.max(covered, end);
  }
  return Math.round((Math.min(covered, until) - now) / 86_400_0) / 100;
}

const dayMs = 86_400_000;
/** Days ahead for which a rota is asked. */
export const onCallAhead = 30;

/** Who is on call from `now` on, as `detail` says it was asked. */
export function onCallFacts(shifts: readonly Shift[], now: Date, detail: string): Observation[] {
  const effectiveAt = now.toISOString();
  const until = now.getTime() + onCallAhead * dayMs;
  const levels = new Set(shifts.map((s) => s.level)).size;
  return [
    { key: "oncall.covered_days", value: coveredDays(shifts, now.getTime(), until), effectiveAt, detail },
    { key: "oncall.escalation", value: levels > 1, effectiveAt, detail },
    { key: "alerts.routed", value: shifts.length > 0, effectiveAt, detail },
  ];
}

/** An incident; `resolved` null: not yet, or nobody wrote down when. Milliseconds. */
export type SeenIncident = { created: number; open: boolean; resolved: number | null };

/** Days back for which incidents are asked: those of the short window are counted and timed, those of the long one counted. */
export const incidentDays = { short: 30, long: 90 } as const;

/** How incidents of the last days went, as `detail` says they were asked. */
export function incidentFacts(incidents: readonly SeenIncident[], now: Date, detail: string): Observation[] {
  const since = (days: number) => incidents.filter((i) => i.created >= now.getTime() - days * dayMs);
  const lately = since(incidentDays.short);
  const mended = lately.flatMap((i) => (i.resolved === null ? [] : [(i.resolved - i.created) / 60_000]));
  const one = (key: string, value: number): Observation => ({ key, value, effectiveAt: now.toISOString(), detail });
  return [
    one("incident.count", lately.length),
    one("incident.count_quarter", since(incidentDays.long).length),
    one("incident.open", lately.filter((i) => i.open).length),
    ...(mended.length > 0 ? [one("incident.resolve_minutes", median(mended))] : []),
  ];
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const value = sorted.length % 2 === 1 ? sorted[middle] : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
  return Math.round((value ?? 0) * 10) / 10;
}

/** The model that a line of a description names by a mark, as in countersign-model: NAME; null: none does. */
export function markedModel(description: string, mark: string): string | null {
  for (const line of description.split("\n")) {
    const [name, ...rest] = line.split(":");
    if (name?.trim().toLowerCase() === mark.toLowerCase() && rest.length > 0)
      return rest.join(":").trim().slice(0, 250) || null;
  }
  return null;
}
