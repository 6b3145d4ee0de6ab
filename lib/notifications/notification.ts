import { z } from "zod";
import { type Actor, holds } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import type { Right } from "@/lib/core/rights";
import { whole } from "@/lib/core/whole";
import { TimeZone } from "@/lib/core/zone";

/** Kinds of notification. The first ask something of their reader, the others tell. */
export const askKinds = ["confirm", "vote", "sign", "judge", "answer", "due"] as const;
export const tellKinds = [
  "emergency",
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

/** What nobody can turn off: mailed at once, in quiet hours too. */
export const loudKinds: readonly NoticeKind[] = ["confirm", "emergency"];
export const isLoud = (kind: NoticeKind): boolean => loudKinds.includes(kind);

export const kindName: Record<NoticeKind, string> = {
  confirm: "Emergencies that need you",
  vote: "Reviews to vote on",
  sign: "Releases to sign",
  judge: "Answers and risks to judge",
  answer: "What you are asked to answer",
  due: "Reminders of due dates",
  emergency: "Emergencies at the gate",
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
  confirm: "releases:read",
  vote: "reviews:read",
  sign: "releases:read",
  judge: "inventory:read",
  answer: "inventory:read",
  due: "inventory:read",
  emergency: "releases:read",
  review: "reviews:read",
  release: "releases:read",
  readiness: "inventory:read",
  decision: "decisions:read",
  model: "inventory:read",
  incident: "inventory:read",
  account: null,
  system: "connections:read",
};

/** How a kind reaches someone by mail: each at once, gathered once a day, or not at all; the portal shows everything. */
export const mailChoices = ["immediate", "digest", "portal"] as const;
export type MailChoice = (typeof mailChoices)[number];
export const mailChoiceName: Record<MailChoice, string> = {
  immediate: "At once",
  digest: "In a daily digest",
  portal: "In the portal only",
};

/** What someone who chose nothing gets: what is asked of them at once, what they are told once a day. */
export const usualMail = (kind: NoticeKind): MailChoice =>
  (askKinds as readonly string[]).includes(kind) || isLoud(kind) || kind === "incident" || kind === "account"
    ? "immediate"
    : "digest";

export type MailSettings = {
  timeZone: string;
  digestHour: number;
  quietFrom: number | null;
  quietUntil: number | null;
};
export const usualSettings: MailSettings = { timeZone: "UTC", digestHour: 8, quietFrom: null, quietUntil: null };

export const deliveryStates = ["waiting", "sending", "sent", "failed", "given_up", "uncertain", "needless"] as const;
export type DeliveryState = (typeof deliveryStates)[number];

export const stateName: Record<DeliveryState, string> = {
  waiting: "Waiting",
  sending: "Being sent",
  sent: "Sent",
  failed: "Refused",
  given_up: "Given up",
  uncertain: "Uncertain: may have arrived",
  needless: "Not needed",
};

/** A message that did not get through, or not yet. */
export type DeliveryTrouble = {
  id: string;
  state: DeliveryState;
  to: string;
  about: string;
  attempts: number;
  answer: string;
  at: string;
};

export type DeliveryHealth = {
  mail: boolean;
  /** Entries of the log that were not gone through yet. */
  behind: number;
  waiting: number;
  oldest: string | null;
  sentToday: number;
  trouble: number;
  troubles: readonly DeliveryTrouble[];
};

/** Whoever keeps the portal running sees what was not delivered, and sends it again if they think it right. */
export const mayResend = (actor: Actor, delivery: { state: DeliveryState }): Verdict => {
  if (!holds(actor, "connections:manage")) return no("forbidden", "Administrators send mails again.");
  return delivery.state === "failed" || delivery.state === "given_up" || delivery.state === "uncertain"
    ? yes
    : no("conflict", "Only what was refused, given up or is uncertain is sent again.");
};

const hour = whole(z.number().int().min(0, "From 0 to 23.").max(23, "From 0 to 23."));
export const preferencesInput = z
  .strictObject({
    mail: z
      .partialRecord(z.enum(noticeKinds, "There is no such kind."), z.enum(mailChoices, "Choose when."))
      .refine(
        (mail) => loudKinds.every((kind) => (mail[kind] ?? "immediate") === "immediate"),
        "Emergencies always come at once; nobody can turn them off.",
      ),
    timeZone: TimeZone,
    digestHour: hour,
    quietFrom: hour.nullable().optional(),
    quietUntil: hour.nullable().optional(),
  })
  .refine((given) => ((given.quietFrom ?? null) === null) === ((given.quietUntil ?? null) === null), {
    path: ["quietUntil"],
    message: "Give both hours or none.",
  })
  .refine((given) => (given.quietFrom ?? null) === null || given.quietFrom !== given.quietUntil, {
    path: ["quietUntil"],
    message: "Choose another hour: from and until are the same.",
  });

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
