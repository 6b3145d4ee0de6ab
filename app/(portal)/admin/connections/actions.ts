"use server";
import { actionContext } from "@/lib/auth/context";
import { confirmImport } from "@/lib/connections/confirm-import";
import { createConnection } from "@/lib/connections/create";
import { editConnection } from "@/lib/connections/edit";
import { removeConnection } from "@/lib/connections/remove";
import { requestSync } from "@/lib/connections/request-sync";
import { testConnection } from "@/lib/connections/test";
import { disableWebhook, enableWebhook } from "@/lib/connections/webhook";
import type { Tested } from "@/lib/connectors/registry";
import { type FormState, formAction, fromForm } from "@/lib/http/form-action";
import { problemOf } from "@/lib/http/problem";
import { putSourceFile, removeSourceFile } from "@/lib/sources/files";
import { mapSubject } from "@/lib/sources/map";
import { unmapSubject } from "@/lib/sources/unmap";

const pageOf = (result: unknown): string =>
  typeof result === "object" && result !== null && "id" in result
    ? `/admin/connections/${String(result.id)}`
    : "/admin/connections";

export async function createAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(createConnection, actionContext, {
    message: "Connected. Look at what it would import.",
    goTo: pageOf,
  })(before, form);
}

export async function editAction(before: FormState, form: FormData): Promise<FormState> {
  // A form whose optional settings are all empty sends none of them, and means that they go.
  const whole: typeof editConnection = Object.assign(
    (ctx: Parameters<typeof editConnection>[0], raw: unknown) =>
      editConnection(ctx, typeof raw === "object" ? { settings: {}, ...raw } : raw),
    { spec: editConnection.spec },
  );
  return formAction(whole, actionContext, { message: "Saved." })(before, form);
}

export async function importAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(confirmImport, actionContext, { message: "Confirmed; the first import has started." })(
    before,
    form,
  );
}

export async function webhookAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(enableWebhook, actionContext, {
    message: ({ url, secret }) => `Copy it now; it is not shown again: ${secret}. MLflow sends to ${url}`,
  })(before, form);
}

export async function noWebhookAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(disableWebhook, actionContext, { message: "Webhooks are refused now." })(before, form);
}

export async function removeAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(removeConnection, actionContext, { message: "Removed.", goTo: () => "/admin/connections" })(
    before,
    form,
  );
}

export async function syncAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(requestSync, actionContext, { message: "Asked for; it starts in a moment." })(before, form);
}

export async function mapAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(mapSubject, actionContext, {
    message: "Mapped; it is read again in a moment.",
  })(before, form);
}

export async function unmapAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(unmapSubject, actionContext, { message: "The mapping has ended." })(before, form);
}

export async function fileAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(putSourceFile, actionContext, { message: "Taken; it is read in a moment." })(before, form);
}

export async function dropFileAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(removeSourceFile, actionContext, { message: "Removed." })(before, form);
}

/** Tries what the form holds, without saving it. */
export async function testAction(form: FormData): Promise<Tested> {
  let requestId = "";
  try {
    const ctx = await actionContext();
    requestId = ctx.requestId;
    return await testConnection(ctx, fromForm(form));
  } catch (error) {
    const { detail } = problemOf(error, requestId);
    return {
      ok: false,
      summary: detail,
      identity: null,
      serverVersion: null,
      models: null,
      more: false,
      skewMs: null,
      missing: [],
      probes: [],
    };
  }
}
