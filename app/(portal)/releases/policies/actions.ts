"use server";
import { actionContext } from "@/lib/auth/context";
import { fromForm } from "@/lib/http/form-action";
import { problemOf } from "@/lib/http/problem";
import { dryRunPolicy } from "@/lib/releases/dry-run-query";
import type { DryRunState } from "@/lib/releases/dry-run-state";

/** Tries the text on releases. A refusal comes back beside the form. */
export async function tryPolicy(_before: DryRunState, form: FormData): Promise<DryRunState> {
  const ctx = await actionContext();
  try {
    // A form sends line ends as CRLF; the digest is of the text as it was typed.
    const source = String(form.get("source") ?? "").replaceAll("\r\n", "\n");
    const result = await dryRunPolicy(ctx, { ...fromForm(form), source });
    // What stays as it is is only counted.
    return { message: "", result: { ...result, releases: result.releases.filter((r) => r.change !== "same") } };
  } catch (error) {
    return { message: problemOf(error, ctx.requestId).detail, result: null };
  }
}
