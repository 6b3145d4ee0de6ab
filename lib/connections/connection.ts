import { z } from "zod";
import { type Actor, holds } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import { whole } from "@/lib/core/whole";

/** Vocabulary of connections: the registries Countersign reads from and promotes in. */
export const authKinds = ["none", "basic", "bearer"] as const;
export type AuthKind = (typeof authKinds)[number];

export const authName: Record<AuthKind, string> = {
  none: "No credentials",
  basic: "User name and password",
  bearer: "Token (Bearer)",
};

export const syncTriggers = ["manual", "schedule", "webhook", "first"] as const;
export type SyncTrigger = (typeof syncTriggers)[number];

const baseUrl = z
  .url({ protocol: /^https?$/, message: "An http or https address as in https://mlflow.example.com." })
  .max(500, "At most 500 characters.");
const username = z.string().max(254, "At most 254 characters.");
const secret = z.string().min(1).max(4000, "At most 4000 characters.");
const everyMinutes = whole(
  z
    .number()
    .int()
    .min(1, "At least every minute, at most once a day.")
    .max(1440, "At least every minute, at most once a day."),
);
const prodAlias = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[A-Za-z0-9_-]+$/, "Letters, digits, dash and underscore.");

const target = {
  baseUrl,
  auth: z.enum(authKinds).default("none"),
  username: username.optional(),
  secret: secret.optional(),
};

export const connectionName = z
  .string()
  .min(2, "At least 2 characters.")
  .max(80, "At most 80 characters.")
  .regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]*$/, "Letters, digits, space, dot, dash and underscore.");

export const createInput = z.strictObject({
  name: connectionName,
  system: z.literal("mlflow", "Only mlflow can be connected.").default("mlflow"),
  ...target,
  /** Left out: SYNC_MINUTES of the portal. */
  everyMinutes: everyMinutes.optional(),
  prodAlias: prodAlias.default("champion"),
});

export const editInput = z.strictObject({
  id: z.uuid("The id of a connection."),
  name: connectionName.optional(),
  baseUrl: baseUrl.optional(),
  auth: z.enum(authKinds).optional(),
  username: username.optional(),
  /** Left out: the stored one stays. */
  secret: secret.optional(),
  everyMinutes: everyMinutes.optional(),
  prodAlias: prodAlias.optional(),
});

/** Either what was typed, or (with an id) a stored connection with what was typed over it. */
export const testInput = z.strictObject({
  id: z.uuid("The id of a connection.").optional(),
  baseUrl: baseUrl.optional(),
  auth: z.enum(authKinds).optional(),
  username: username.optional(),
  secret: secret.optional(),
  // The form that tests is the form that connects; these say nothing about reaching the server.
  name: z.string().max(80).optional(),
  system: z.string().max(20).optional(),
  everyMinutes: whole().optional(),
  prodAlias: z.string().max(100).optional(),
});

export const connectionKey = z.strictObject({ id: z.uuid("The id of a connection.") });

/** What signing in to the server takes but was not given; null when it is whole. */
export function missingCredential(
  auth: AuthKind,
  name: string | null,
  hasSecret: boolean,
): { field: string; message: string } | null {
  if (auth === "none") return null;
  if (!hasSecret) return { field: "secret", message: auth === "basic" ? "Enter the password." : "Enter the token." };
  if (auth === "basic" && !name) return { field: "username", message: "Enter the user name." };
  return null;
}

export const mayManageConnections = (actor: Actor): Verdict =>
  holds(actor, "connections:manage")
    ? yes
    : no("forbidden", "Connections are managed by administrators. Ask one of them.");

export const mayReadConnections = (actor: Actor): Verdict =>
  holds(actor, "connections:read") ? yes : no("forbidden", "Connections are seen by administrators. Ask one of them.");
