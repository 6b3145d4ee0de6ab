"use server";
import { actionContext } from "@/lib/auth/context";
import { type FormState, formAction } from "@/lib/http/form-action";
import { createUnit } from "@/lib/units/create";
import { renameUnit } from "@/lib/units/rename";

const create = formAction(createUnit, actionContext, { message: "The business unit is in the tree." });
const rename = formAction(renameUnit, actionContext, { message: "The name is changed." });

export async function addUnit(before: FormState, form: FormData): Promise<FormState> {
  return create(before, form);
}

export async function nameUnit(before: FormState, form: FormData): Promise<FormState> {
  return rename(before, form);
}
