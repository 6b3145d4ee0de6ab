import { type SQL, sql } from "drizzle-orm";
import type { Span } from "./clocks";

/** The states of one review as `statesOf` tells them. */
export type Told = readonly { status: Span["status"]; from: string; to: string | null }[];

/** Rows of `row_id` and `spans` (Told): the states that reviews have stood in up to an instant, from the history of rows. `ids` is a list or a select. */
export const statesOf = (ids: SQL, at: Date): SQL => sql`
  select h.row_id, jsonb_agg(jsonb_build_object('status', h.status, 'from', h.valid_from, 'to', h.valid_to) order by h.valid_from) as spans
  from history h where h.relation = 'review' and h.row_id in (${ids}) and h.valid_from <= ${at.toISOString()}::timestamptz
  group by h.row_id`;

export const spansIn = (told: Told): Span[] =>
  told.map(({ status, from, to }) => ({ status, from: new Date(from), to: to === null ? null : new Date(to) }));
