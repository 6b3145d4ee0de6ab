import "server-only";
import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import type { Command, Ctx } from "@/lib/core/command";
import { type FieldFault, Refusal } from "@/lib/core/refusal";
import { problemOf } from "@/lib/http/problem";

/** What a form shows after it was sent. `values` gives back what was typed. */
export type FormState = {
  status: "idle" | "done" | "refused";
  message: string;
  faults: readonly FieldFault[];
  values: Readonly<Record<string, string>>;
};

/**
 * Names say their type: `score:number`, `flag:boolean`, `tags[]`, `tiers[]:number`, `files:lines`, `when:instant`; dots nest. Empty fields are left out, except
 * `lead:null`, which takes away what was there, and `note:text`, which may be the empty text.
 */
export function fromForm(form: FormData): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const key of new Set(form.keys())) {
    if (key.startsWith("$ACTION")) continue;
    const values = form.getAll(key).filter((v): v is string => typeof v === "string" && v !== "");
    const [name = "", type] = key.replace(/\[\]/, "").split(":");
    const value = key.includes("[]")
      ? values.map((v) => typed(v, type))
      : values[0] === undefined
        ? emptied[type ?? ""]
        : typed(values[0], type);
    if (value !== undefined) put(out, name.split("."), value);
  }
  return out;
}

const emptied: Readonly<Record<string, null | "" | undefined>> = { null: null, text: "" };

function typed(value: string, type: string | undefined): unknown {
  if (type === "number") return Number(value);
  if (type === "lines")
    return value
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "");
  if (type === "boolean") return value === "true" || value === "on";
  return value;
}

function put(out: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [head = "", ...tail] = path;
  if (tail.length === 0) {
    out[head] = value;
    return;
  }
  const inner = out[head];
  const next: Record<string, unknown> = typeof inner === "object" && inner !== null ? { ...inner } : {};
  put(next, tail, value);
  out[head] = next;
}

/** A server action over a command, for useActionState. A refusal comes back beside the form; nothing typed is lost. */
export function formAction<O>(
  command: Command<never, O> | Command,
  context: () => Promise<Ctx>,
  then: { message: string | ((result: O) => string); goTo?: (result: O) => string },
): (before: FormState, form: FormData) => Promise<FormState> {
  return async (_before, form) => {
    const values = Object.fromEntries(
      [...form.entries()].filter((e): e is [string, string] => typeof e[1] === "string" && !e[0].startsWith("$ACTION")),
    );
    let requestId = "";
    let goTo: string | null = null;
    let message: string;
    try {
      const ctx = await context();
      requestId = ctx.requestId;
      const result = (await command(ctx, fromForm(form))) as O;
      revalidatePath("/", "layout");
      goTo = then.goTo?.(result) ?? null;
      message = typeof then.message === "string" ? then.message : then.message(result);
    } catch (error) {
      const problem = problemOf(error, requestId);
      return {
        status: "refused",
        message: problem.detail,
        faults: error instanceof Refusal ? error.faults : [],
        values,
      };
    }
    if (goTo) redirect(goTo as never);
    return { status: "done", message, faults: [], values: {} };
  };
}
