"use server";
import { actionContext } from "@/lib/auth/context";
import { Refusal } from "@/lib/core/refusal";
import { reachOfProcess } from "@/lib/decisions/jobs";
import { addSource, endSource, previewSource, syncSourceNow } from "@/lib/decisions/manage-source";
import { type FormState, formAction, fromForm } from "@/lib/http/form-action";
import { problemOf } from "@/lib/http/problem";

const adding = formAction(addSource, actionContext, {
  message: ({ name }) => `${name} is added and is being read now. Reload in a moment.`,
});
export const syncNow = formAction(syncSourceNow, actionContext, {
  message: "It is being read now. Reload in a moment.",
});
export const end = formAction(endSource, actionContext, { message: "Ended. Its records stay." });

const shown = 12;

/** One form, two buttons: look first, which records nothing, or add. */
export async function add(before: FormState, form: FormData): Promise<FormState> {
  const look = form.get("do") === "look";
  form.delete("do");
  if (!look) return adding(before, form);
  const values = Object.fromEntries([...form.entries()].filter((e): e is [string, string] => typeof e[1] === "string"));
  let requestId = "";
  try {
    const ctx = await actionContext();
    requestId = ctx.requestId;
    const { files } = await previewSource(ctx, fromForm(form), reachOfProcess());
    const records = files.filter((file) => file.title !== null);
    const refused = files.filter((file) => file.reason !== null);
    const some = (list: readonly string[]) =>
      list.length === 0
        ? ""
        : `: ${list.slice(0, shown).join("; ")}${list.length > shown ? `; and ${list.length - shown} more` : ""}`;
    return {
      status: "done",
      message: `Nothing is added yet. It would bring ${records.length} records${some(records.map((f) => `${f.title} (${f.path})`))}. Not taken: ${refused.length} files${some(refused.map((f) => `${f.path}, ${f.reason}`))}.`,
      faults: [],
      values: {},
    };
  } catch (error) {
    return {
      status: "refused",
      message: problemOf(error, requestId).detail,
      faults: error instanceof Refusal ? error.faults : [],
      values,
    };
  }
}
