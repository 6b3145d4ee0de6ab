"use server";
import { actionContext } from "@/lib/auth/context";
import { type FormState, formAction } from "@/lib/http/form-action";
import { createTeam, editTeam } from "@/lib/teams/keep";
import { createUnit } from "@/lib/units/create";
import { setHead } from "@/lib/units/head";
import { moveUnit } from "@/lib/units/move";
import { renameUnit } from "@/lib/units/rename";

const create = formAction(createUnit, actionContext, { message: "The business unit is in the tree." });
const rename = formAction(renameUnit, actionContext, { message: "The name is changed." });

export async function addUnit(before: FormState, form: FormData): Promise<FormState> {
  return create(before, form);
}

export async function nameUnit(before: FormState, form: FormData): Promise<FormState> {
  return rename(before, form);
}

export async function putUnit(before: FormState, form: FormData): Promise<FormState> {
  return formAction(moveUnit, actionContext, { message: "The business unit is moved, with everything below it." })(
    before,
    form,
  );
}

export async function nameHead(before: FormState, form: FormData): Promise<FormState> {
  return formAction(setHead, actionContext, { message: ({ unit, head }) => `${head} heads ${unit}.` })(before, form);
}

export async function addTeam(before: FormState, form: FormData): Promise<FormState> {
  return formAction(createTeam, actionContext, { message: "The team is entered." })(before, form);
}

export async function changeTeam(before: FormState, form: FormData): Promise<FormState> {
  return formAction(editTeam, actionContext, { message: "The team is changed." })(before, form);
}
