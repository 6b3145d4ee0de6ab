import { kindOf } from "@/lib/connectors/kinds";
import type { Settings } from "@/lib/connectors/registry";
import type { System } from "@/lib/connectors/systems";
import { type FieldFault, Refusal } from "@/lib/core/refusal";

type Given = {
  system: System;
  baseUrl?: string | undefined;
  auth?: string | undefined;
  username: string | null;
  hasSecret: boolean;
  settings: Readonly<Record<string, string | number | boolean>>;
  /** Said behind a missing secret: why the stored one does not do. */
  why?: string;
};

/**
 * What a person or pipeline entered, against what the kind of registry asks for. Refuses with each fault beside its field; answers
 * with the address (which may follow from the settings), the sign-in and the settings with their defaults.
 */
export function checkTarget(given: Given): { baseUrl: string; auth: string; settings: Settings } {
  const kind = kindOf(given.system);
  const faults: FieldFault[] = [];
  const parsed = kind.settings.safeParse(given.settings);
  if (!parsed.success)
    for (const issue of parsed.error.issues)
      faults.push({
        field: ["settings", ...(issue.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : issue.path)].join("."),
        message:
          issue.code === "unrecognized_keys" ? `${kind.title} has no such setting. Leave it out.` : issue.message,
      });
  const auth = given.auth ?? kind.signIn[0]?.id ?? "none";
  const way = kind.signIn.find((s) => s.id === auth);
  if (!way)
    faults.push({
      field: "auth",
      message: `${kind.title} is signed in to by ${kind.signIn.map((s) => s.id).join(", ")}.`,
    });
  if (way?.username && !given.username)
    faults.push({ field: "username", message: `Enter the ${lower(way.username)}.` });
  if (way?.secret && !given.hasSecret)
    faults.push({
      field: "secret",
      message: `Enter the ${lower(way.secret.label)}.${given.why ? ` ${given.why}` : ""}`,
    });
  const settings = parsed.success ? scalars(parsed.data) : {};
  const baseUrl = given.baseUrl ?? (parsed.success ? kind.address.from?.(settings) : "");
  if (baseUrl === undefined) faults.push({ field: "baseUrl", message: "Give the address." });
  const [first] = faults;
  if (first) throw new Refusal("invalid", `${first.field}: ${first.message}`, faults);
  return { baseUrl: (baseUrl ?? "").replace(/\/+$/, ""), auth, settings };
}

const lower = (label: string): string => label.charAt(0).toLowerCase() + label.slice(1);

const scalars = (settings: Record<string, unknown>): Settings =>
  Object.fromEntries(
    Object.entries(settings).filter((e): e is [string, string | number | boolean] =>
      ["string", "number", "boolean"].includes(typeof e[1]),
    ),
  );
