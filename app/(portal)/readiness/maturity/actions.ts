"use server";
import { actionContext } from "@/lib/auth/context";
import { type FormState, formAction } from "@/lib/http/form-action";
import { assessMaturity } from "@/lib/maturity/assess";

export async function answerForTeam(before: FormState, form: FormData): Promise<FormState> {
  return formAction(assessMaturity, actionContext, {
    message: ({ overall }: { overall: number }) => `Recorded: level ${overall} of 4.`,
  })(before, form);
}
