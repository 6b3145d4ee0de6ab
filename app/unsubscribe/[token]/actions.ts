"use server";
import { database } from "@/db/client";
import { newId } from "@/lib/core/ids";
import type { FormState } from "@/lib/http/form-action";
import { problemOf } from "@/lib/http/problem";
import { unsubscribe } from "@/lib/notifications/unsubscribe";

export async function turnOff(_before: FormState, form: FormData): Promise<FormState> {
  const idle = { faults: [], values: {} };
  try {
    const { what } = await unsubscribe(database().db, String(form.get("token") ?? ""), () => new Date());
    return { status: "done", message: `Turned off: ${what}. The portal goes on showing everything.`, ...idle };
  } catch (error) {
    return { status: "refused", message: problemOf(error, newId()).detail, ...idle };
  }
}
