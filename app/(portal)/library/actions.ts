"use server";
import { actionContext } from "@/lib/auth/context";
import { type FormState, formAction } from "@/lib/http/form-action";
import { type LibraryKind, libraryHref } from "@/lib/library/library";
import { revertContent, reviseContent } from "@/lib/library/revise";

const goTo = ({ kind, id }: { kind: LibraryKind; id: string }) => libraryHref(kind, id);

/** Browsers send line ends as CR LF, whatever the text had; the digest is over the bytes. */
export async function revise(before: FormState, form: FormData): Promise<FormState> {
  const content = form.get("content");
  if (typeof content === "string") form.set("content", content.replaceAll("\r\n", "\n"));
  return formAction(reviseContent, actionContext, { message: "In force.", goTo })(before, form);
}

export async function revert(before: FormState, form: FormData): Promise<FormState> {
  return formAction(revertContent, actionContext, { message: "The shipped text is in force.", goTo })(before, form);
}
