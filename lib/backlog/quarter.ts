/** Quarters of the calendar, in UTC: "2026-Q4". */
export type Quarter = string;

export const quarterOf = (at: Date): Quarter => `${at.getUTCFullYear()}-Q${Math.floor(at.getUTCMonth() / 3) + 1}`;

const read = (quarter: Quarter): number => Number(quarter.slice(0, 4)) * 4 + Number(quarter.slice(6)) - 1;
const write = (n: number): Quarter => `${Math.floor(n / 4)}-Q${(n % 4) + 1}`;

export const quarterAfter = (quarter: Quarter, by = 1): Quarter => write(read(quarter) + by);

/** The first instant after a quarter. */
export function endOfQuarter(quarter: Quarter): Date {
  const next = read(quarter) + 1;
  return new Date(Date.UTC(Math.floor(next / 4), (next % 4) * 3, 1));
}

/** From one quarter to another, both inclusive; the last `most` of them. */
export function quartersFrom(from: Quarter, to: Quarter, most = 400): Quarter[] {
  const first = Math.max(read(from), read(to) - most + 1);
  return Array.from({ length: Math.max(0, read(to) - first + 1) }, (_, i) => write(first + i));
}
