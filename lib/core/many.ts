import { z } from "zod";

/** Several values of one filter of a list: `?tier=1&tier=2` or `?tier=1,2`. */
export const manyOf = <T extends z.ZodType>(item: T) =>
  z
    .preprocess(
      (v) => (v === undefined ? undefined : (Array.isArray(v) ? v : [v]).flatMap((x) => String(x).split(","))),
      z.array(item).min(1).max(200).optional(),
    )
    .optional();
