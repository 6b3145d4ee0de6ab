import { z } from "zod";
import { systems } from "@/lib/connectors/systems";
import { type Actor, holds } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import { whole } from "@/lib/core/whole";

/** Vocabulary of connections: the registries Countersign reads from and promotes in. */
export const syncTriggers = ["manual", "schedule", "webhook", "first"] as const;
export type SyncTrigger = (typeof syncTriggers)[number];

const baseUrl = z
  .url({ protocol: /^https?$/, message: "An http or https address as in https://mlflow.example.com." })
  .max(500, "At most 500 characters.");
const username = z.string().max(254, "At most 254 characters.");
const secret = z.string().min(1).max(16_000, "At most 16,000 characters.");
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
/** One of the ways that the kind of registry knows (lib/connectors/kinds.ts). */
const auth = z.string().min(1).max(40);
/** What else that kind asks for; checked against its own schema. */
const settings = z.record(
  z.string().max(60),
  z.union([z.string().max(4000, "At most 4000 characters."), z.number(), z.boolean()]),
);
const system = z.enum(systems, `One of ${systems.join(", ")}.`);

export const connectionName = z
  .string()
  .min(2, "At least 2 characters.")
  .max(80, "At most 80 characters.")
  .regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]*$/, "Letters, digits, space, dot, dash and underscore.");

export const createInput = z.strictObject({
  name: connectionName,
  system: system.default("mlflow"),
  /** May be left out where the settings say it (a region). */
  baseUrl: baseUrl.optional(),
  /** Left out: the first way that the kind knows. */
  auth: auth.optional(),
  username: username.optional(),
  secret: secret.optional(),
  settings: settings.default({}),
  /** Left out: SYNC_MINUTES of the portal. */
  everyMinutes: everyMinutes.optional(),
  /** Left out: what that kind of registry usually calls it. */
  prodAlias: prodAlias.optional(),
  /** Import at once, without looking at the preview first. */
  import: z.boolean().default(false),
});

export const editInput = z.strictObject({
  id: z.uuid("The id of a connection."),
  name: connectionName.optional(),
  baseUrl: baseUrl.optional(),
  auth: auth.optional(),
  username: username.optional(),
  /** Left out: the stored one stays. */
  secret: secret.optional(),
  settings: settings.optional(),
  everyMinutes: everyMinutes.optional(),
  prodAlias: prodAlias.optional(),
});

/** Either what was typed, or (with an id) a stored connection with what was typed over it. */
export const testInput = z.strictObject({
  id: z.uuid("The id of a connection.").optional(),
  baseUrl: baseUrl.optional(),
  auth: auth.optional(),
  username: username.optional(),
  secret: secret.optional(),
  system: system.optional(),
  settings: settings.optional(),
  // The form that tests is the form that connects; these say nothing about reaching the server.
  name: z.string().max(80).optional(),
  everyMinutes: whole().optional(),
  prodAlias: z.string().max(100).optional(),
});

export const connectionKey = z.strictObject({ id: z.uuid("The id of a connection.") });

export const mayManageConnections = (actor: Actor): Verdict =>
  holds(actor, "connections:manage")
    ? yes
    : no("forbidden", "Connections are managed by administrators. Ask one of them.");

export const mayReadConnections = (actor: Actor): Verdict =>
  holds(actor, "connections:read") ? yes : no("forbidden", "Connections are seen by administrators. Ask one of them.");
