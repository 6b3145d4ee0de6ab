import "server-only";
import { revalidatePath } from "next/cache";
import type { Ctx } from "@/lib/core/command";
import { signAsPersona } from "@/lib/credentials/persona-keys";
import { fromForm } from "@/lib/http/form-action";
import { problemOf } from "@/lib/http/problem";
import { parseStatement } from "@/lib/signing/dsse";
import { signingRequestBy } from "@/lib/signing/requests";
import { completeApproval } from "./complete-approval";
import { prepareApproval } from "./prepare-approval";
import type { Opened, SigningState } from "./signing-state";
import { linesOf } from "./statement-lines";

export type { SigningState };

/** Words the statement and opens a link; what it returns is shown beside the link, for comparison. */
export async function openSigning(context: () => Promise<Ctx>, form: FormData): Promise<SigningState> {
  let requestId = "";
  try {
    const ctx = await context();
    requestId = ctx.requestId;
    const prepared = await prepareApproval(ctx, fromForm(form));
    const payload = Buffer.from(prepared.statement, "base64");
    const opened: Opened = {
      url: prepared.url,
      token: prepared.token,
      code: prepared.code,
      paeSha256: prepared.paeSha256,
      keyKind: prepared.credential.kind,
      kid: prepared.credential.kid,
      lines: linesOf(parseStatement(payload)),
      bytes: payload.length,
    };
    return { status: "opened", message: "", opened };
  } catch (error) {
    return { status: "refused", message: problemOf(error, requestId).detail, opened: null };
  }
}

/** Demo mode: signs with the persona's software key, which the portal holds; a passkey never passes through here. */
export async function signWithDemoKey(context: () => Promise<Ctx>, form: FormData): Promise<SigningState> {
  let requestId = "";
  try {
    const ctx = await context();
    requestId = ctx.requestId;
    const token = String(form.get("token") ?? "");
    const request = await signingRequestBy(ctx.db, token, "approve", ctx.now());
    const sig =
      request.personId === ctx.actor.id ? await signAsPersona(request.personId, request.payload) : Buffer.alloc(0);
    await completeApproval(ctx, { token, dsse: sig.toString("base64") });
    revalidatePath("/", "layout");
    return { status: "done", message: "Signed with the demo's software key.", opened: null };
  } catch (error) {
    return { status: "refused", message: problemOf(error, requestId).detail, opened: null };
  }
}
