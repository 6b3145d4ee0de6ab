const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** A day inside a sentence, `24 Nov 2026`: of an instant its day in UTC, of `YYYY-MM-DD` that day. Pages show data fields with <When>. */
export function sayDay(at: Date | string): string {
  const [year, month, day] = (typeof at === "string" ? at : at.toISOString()).slice(0, 10).split("-").map(Number);
  return `${day} ${months[(month ?? 1) - 1]} ${year}`;
}

/** An instant inside a sentence, `24 Nov 2026 14:02 UTC`. */
export const sayMinute = (at: Date): string => `${sayDay(at)} ${at.toISOString().slice(11, 16)} UTC`;
