import "server-only";
import { z } from "zod";
import { query } from "@/lib/core/query";
import { insist } from "@/lib/core/refusal";
import { mayReadHealth } from "./health";
import { readHealth } from "./read";

/** How the portal runs, for administrators. */
export const health = query({
  name: "health.read",
  title: "Read how the portal runs",
  http: { method: "GET", path: "/health" },
  input: z.strictObject({}),
  run: async (read, _input, actor, now) => {
    insist(mayReadHealth(actor));
    return readHealth(read, now);
  },
});
