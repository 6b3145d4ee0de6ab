import { z } from "zod";
import type { Actor } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import type { Right } from "@/lib/core/rights";
import { whole } from "@/lib/core/whole";

/** Kinds of notification. The first ask something of their reader, the others tell. */
export const askKinds = ["vote", "sign", "judge", "answer", "due"] as const;
export const tellKinds = [
  "review",
  "release",
  "readiness",
  "decision",
  "model",
  "incident",
  "account",
  "system",
] as const;
export const noticeKinds = [...askKinds, ...tellKinds] as const;
export type NoticeKind = (typeof noticeKinds)[number];

export const kindName: Record<NoticeKind, string> = {
  vote: "Reviews to vote on",
  sign: "Releases to sign",
  judge: "Answers and risks to judge",
  answer: "What you are asked to answer",
  due: "Reminders of due dates",
  review: "How reviews go on",
  release: "How releases go on",
  readiness: "Readiness of your models",
  decision: "Decision records",
  model: "Your models and use cases",
  incident: "Incidents",
  account: "Your roles and access",
  system: "How the portal runs",
};

/** What someone must be able to read to be told of it; null: it is about themselves. */
export const kindRight: Record<NoticeKind, Right | null> = {
  vote: "reviews:read",
  sign: "releases:read",
  judge: "inventory:read",
  answer: "inventory:read",
  due: "inventory:read",
  review: "reviews:read",
  release: "releases:read",
  readiness: "inventory:read",
  decision: "decisions:read",
  model: "inventory:read",
  incident: "inventory:read",
  account: null,
  system: "connections:read",
};

/** What happened longer ago than this when it is gone through was told by other means: it is born read, and nothing is sent. Days. */
export const freshDays = 7;

/** A notification as its reader sees it. */
export type NoticeLine = {
  id: string;
  kind: NoticeKind;
  thing: string;
  what: string;
  ask: string;
  dueOn: string | null;
  href: string;
  at: string;
  read: boolean;
};

export const listInput = z.strictObject({
  kind: z
    .union([
      z
        .string()
        .max(200)
        .transform((text) => text.split(",")),
      z.array(z.string().max(40)).max(20),
    ])
    .pipe(z.array(z.enum(noticeKinds, "There is no such kind of notification.")).max(20))
    .optional(),
  unread: z.enum(["true", "false"], "true or false.").default("false"),
  after: z.string().max(100).optional(),
  limit: whole(z.number().int().min(1).max(200)).default(50),
});

export const readInput = z
  .strictObject({
    ids: z.array(z.uuid("Give the notification's id.")).max(200, "At most 200 at once.").optional(),
    /** Everything about the thing that this page shows: whoever opens it has read of it. */
    path: z.string().max(500, "At most 500 characters.").startsWith("/", "Give a path of the portal.").optional(),
    /** Everything that happened until then: what arrives while the page is open stays unread. */
    until: z.iso.datetime({ offset: true, error: "Give an instant as in 2026-11-02T09:00:00Z." }).optional(),
  })
  .refine((given) => [given.ids, given.path, given.until].filter((v) => v !== undefined).length === 1, {
    message: "Give one of ids, path, or until for everything up to an instant.",
  });

/** Notifications are a person's own; rights have no part in it, because what was told was readable. */
export const mayMark = (actor: Actor): Verdict =>
  actor.kind === "person" ? yes : no("forbidden", "Only people have notifications.");
