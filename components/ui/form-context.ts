"use client";
import { createContext, use } from "react";
import type { FieldFault } from "@/lib/core/refusal";

type FormContext = { faults: readonly FieldFault[]; values: Readonly<Record<string, string>>; pending: boolean };

export const ActionFormContext = createContext<FormContext>({ faults: [], values: {}, pending: false });

/** A field's name without the type that form-action reads from it: `score:number` and `tags[]` are `score` and `tags`. */
export const plainName = (name: string): string => name.replace("[]", "").split(":")[0] ?? name;

/** What the server said about a field, including its parts (`tags.0`). null when nothing. */
export function useFault(name: string): string | null {
  const { faults } = use(ActionFormContext);
  const plain = plainName(name);
  const mine = faults.filter((f) => f.field === plain || f.field.startsWith(`${plain}.`));
  return mine.length > 0 ? mine.map((f) => f.message).join(" ") : null;
}

export const useActionForm = (): FormContext => use(ActionFormContext);
