import { z } from "zod";

const first = "1900-01-01";

/** A day as YYYY-MM-DD, from 1900 on: the database has no year 0, and nothing here is older. */
export const day = (message = "Give a day such as 2026-11-20.") =>
  z.iso.date(message).refine((text) => text >= first, `Give a day from ${first} on.`);

/** An instant as RFC 3339 text, from 1900 on. `offset`: other time zones than Z are taken too. */
export const instant = (message = 'Give an instant in UTC such as "2026-11-20T09:30:00Z".', offset = false) =>
  z.iso
    .datetime({ error: message, offset })
    .max(40, message)
    .refine((text) => text >= first, `Give an instant from ${first} on.`);
