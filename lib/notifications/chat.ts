import { z } from "zod";
import { type Actor, holds } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import { oneLine } from "./compose";
import { type NoticeKind, noticeKinds } from "./notification";

export const chatSystems = ["slack", "teams"] as const;
export type ChatSystem = (typeof chatSystems)[number];
export const chatSystemName: Record<ChatSystem, string> = {
  slack: "Slack, or what takes its webhooks (Mattermost, Rocket.Chat)",
  teams: "Microsoft Teams, a workflow that begins with a webhook",
};

/** Kinds that concern more than one person; what is about somebody's own access is never said in a channel. */
export const chatKinds: readonly NoticeKind[] = noticeKinds.filter((kind) => kind !== "account" && kind !== "due");

export const createChannelInput = z.strictObject({
  name: z.string().trim().min(2, "Give it a name.").max(80, "At most 80 characters."),
  system: z.enum(chatSystems, "Choose Slack or Teams."),
  url: z
    .url({ protocol: /^https?$/, error: "Give the webhook's whole address, as the chat shows it." })
    .max(2000, "At most 2000 characters."),
  businessUnit: z.string().max(120).optional().describe("Short name of a unit; left out: the whole organisation"),
  kinds: z
    .array(z.enum(noticeKinds, "There is no such kind."))
    .min(1, "Choose at least one kind.")
    .max(20)
    .refine(
      (kinds) => kinds.every((kind) => chatKinds.includes(kind)),
      "Roles, access and reminders are told to people alone.",
    ),
});
export const channelKey = z.strictObject({ id: z.uuid("Give the channel's id.") });
export const pauseInput = z.strictObject({ ...channelKey.shape, paused: z.boolean() });

export const mayKeepChannels = (actor: Actor): Verdict =>
  holds(actor, "connections:manage") ? yes : no("forbidden", "Administrators say which channels are told.");

export type ChannelRow = {
  id: string;
  name: string;
  system: ChatSystem;
  host: string;
  unit: string | null;
  kinds: readonly NoticeKind[];
  paused: boolean;
  sent: number;
  trouble: string | null;
};

/** Slack reads these three as markup: `<!channel>` would call everybody. */
const slackText = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
/** Adaptive cards read a part of Markdown. */
const cardText = (text: string) => text.replaceAll(/[\\`*_{}[\]()#+!|<>~-]/g, "\\$&");

/**
 * A message as the chat takes it: `text` for Slack's incoming webhooks (docs.slack.dev/messaging/sending-messages-using-incoming-webhooks),
 * an Adaptive Card for a workflow of Teams that begins with "When a Teams webhook request is received"
 * (learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using).
 */
export function chatBody(system: ChatSystem, message: { what: string; thing: string; url: string }): object {
  const [what, thing] = [oneLine(message.what, 500), oneLine(message.thing, 200)];
  if (system === "slack")
    return { text: `<${slackText(message.url)}|${slackText(what).replaceAll("|", "¦")}>\n${slackText(thing)}` };
  return {
    type: "message",
    attachments: [
      {
        contentType: "application/vnd.microsoft.card.adaptive",
        contentUrl: null,
        content: {
          $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
          type: "AdaptiveCard",
          version: "1.2",
          body: [
            { type: "TextBlock", text: cardText(what), wrap: true, weight: "bolder" },
            { type: "TextBlock", text: cardText(thing), wrap: true, isSubtle: true, spacing: "none" },
          ],
          actions: [{ type: "Action.OpenUrl", title: "Open", url: message.url }],
        },
      },
    ],
  };
}
