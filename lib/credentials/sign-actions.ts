import "server-only";
import { revalidatePath } from "next/cache";
import type { Ctx } from "@/lib/core/command";
import { fromForm } from "@/lib/http/form-action";
import { problemOf } from "@/lib/http/problem";
import { linesOf } from "@/lib/releases/statement-lines";
import { parseStatement } from "@/lib/signing/dsse";
import type { SigningPurpose } from "@/lib/signing/purpose";
import { signingRequestBy } from "@/lib/signing/requests";
import type { Opened, SigningState } from "@/lib/signing/signing-state";
import { signAsPersona } from "./persona-keys";

/** What a command answers that words a statement and opens a link to the signing page. */
type Prepared = {
  url: string;
  token: string;
  code: string;
  paeSha256: string;
  /** Base64. */
  statement: string;
  credential: { kind: "passkey" | "software"; kid: string };
};

/** Words the statement and opens a link; what it returns is shown beside the link, for comparison. */
export async function openSigning(
  context: () => Promise<Ctx>,
  form: FormData,
  prepare: (ctx: Ctx, input: Record<string, unknown>) => Promise<Prepared>,
): Promise<SigningState> {
  let requestId = "";
  try {
    const ctx = await context();
    requestId = ctx.requestId;
    const prepared = await prepare(ctx, fromForm(form));
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
export async function signWithDemoKey(
  context: () => Promise<Ctx>,
  form: FormData,
  purpose: Exclude<SigningPurpose, "enrol">,
  complete: (ctx: Ctx, input: { token: string; dsse: string }) => Promise<unknown>,
): Promise<SigningState> {
  let requestId = "";
  try {
    const ctx = await context();
    requestId = ctx.requestId;
    const token = String(form.get("token") ?? "");
    const request = await signingRequestBy(ctx.db, token, purpose, ctx.now());
    const sig =
      request.personId === ctx.actor.id ? await signAsPersona(request.personId, request.payload) : Buffer.alloc(0);
    await complete(ctx, { token, dsse: sig.toString("base64") });
    revalidatePath("/", "layout");
    return { status: "done", message: "Signed with the demo's software key.", opened: null };
  } catch (error) {
    return { status: "refused", message: problemOf(error, requestId).detail, opened: null };
  }
}
