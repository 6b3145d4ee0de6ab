import "server-only";
import { notFound } from "next/navigation";
import { Refusal } from "@/lib/core/refusal";

/** For pages: a subject that is not there (or not to be seen) becomes the 404 page. */
export async function orNotFound<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Refusal && error.code === "not_found") notFound();
    throw error;
  }
}
