import { notFound } from "next/navigation";
import type { Ctx } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";

/** A query whose subject is named in the address: what is absent, hidden or misnamed shows the page for "not found". */
export async function orNotFound<I, O>(query: (ctx: Ctx, input: I) => Promise<O>, ctx: Ctx, input: I): Promise<O> {
  try {
    return await query(ctx, input);
  } catch (error) {
    if (error instanceof Refusal && (error.code === "not_found" || error.code === "invalid")) notFound();
    throw error;
  }
}

/** A list whose filters come from the address: one that names nothing (a model that is gone, a broken page mark) is empty. */
export async function orEmpty<I, O>(query: (ctx: Ctx, input: I) => Promise<O>, ctx: Ctx, input: I): Promise<O | null> {
  try {
    return await query(ctx, input);
  } catch (error) {
    if (error instanceof Refusal && (error.code === "not_found" || error.code === "invalid")) return null;
    throw error;
  }
}
