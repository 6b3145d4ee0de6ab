"use server";
import { actionContext } from "@/lib/auth/context";
import { evaluateChecks } from "@/lib/decision-checks/evaluate";
import { commentOnAdr } from "@/lib/decisions/comment";
import { acceptAdr, deprecateAdr, reaffirmAdr, rejectAdr, supersedeAdr } from "@/lib/decisions/judge";
import { proposeAdr, reviseAdr } from "@/lib/decisions/write";
import { type FormState, formAction } from "@/lib/http/form-action";

const goTo = ({ ref }: { ref: string }) => `/decisions/${ref}`;
const proposing = formAction(proposeAdr, actionContext, { message: "Proposed.", goTo });
const revising = formAction(reviseAdr, actionContext, { message: "Saved.", goTo });

/** Browsers send line ends as CR LF, whatever the text had; the digest is over the bytes. */
function withLineFeeds(form: FormData): FormData {
  const content = form.get("content");
  if (typeof content === "string") form.set("content", content.replaceAll("\r\n", "\n"));
  return form;
}

export const propose = async (before: FormState, form: FormData): Promise<FormState> =>
  proposing(before, withLineFeeds(form));
export const revise = async (before: FormState, form: FormData): Promise<FormState> =>
  revising(before, withLineFeeds(form));
export const accept = formAction(acceptAdr, actionContext, { message: "Accepted. The text is locked." });
export const reject = formAction(rejectAdr, actionContext, { message: "Rejected." });
export const deprecate = formAction(deprecateAdr, actionContext, { message: "Deprecated." });
export const supersede = formAction(supersedeAdr, actionContext, { message: "Superseded." });
export const comment = formAction(commentOnAdr, actionContext, { message: "Said." });
export const lookAgain = formAction(evaluateChecks, actionContext, { message: "Looked at again." });
export const reaffirm = formAction(reaffirmAdr, actionContext, { message: "Noted. It comes back on that day." });
