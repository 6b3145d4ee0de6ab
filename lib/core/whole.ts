import { z } from "zod";

/** A whole number, also as the digits that a form or an address carries; nothing else (z.coerce takes true and [] too). */
export const whole = (schema: z.ZodNumber = z.number().int()) =>
  z.preprocess(
    (value) => (typeof value === "string" && /^\d{1,15}$/.test(value.trim()) ? Number(value) : value),
    schema,
  );
