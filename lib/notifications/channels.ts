import "server-only";
import { and, eq, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import type { Reader } from "@/db/client";
import { chatChannels } from "@/db/schema/notifications";
import { config } from "@/lib/config/config";
import { allowedAddress } from "@/lib/connectors/guard";
import { command, type Done, type Unchanged } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { query } from "@/lib/core/query";
import { insist, Refusal } from "@/lib/core/refusal";
import { givenUnit } from "@/lib/units/find";
import { type ChannelRow, channelKey, chatBody, createChannelInput, mayKeepChannels, pauseInput } from "./chat";
import { post, sealUrl, unsealUrl } from "./post";

async function findChannel(read: Pick<Reader, "select">, id: string) {
  const [row] = await read
    .select()
    .from(chatChannels)
    .where(and(eq(chatChannels.id, id), isNull(chatChannels.removedAt)));
  if (!row) throw new Refusal("not_found", "There is no such channel, or it was removed.");
  return row;
}

const about = (channel: { id: string; name: string }) => ({
  subject: { kind: "chat_channel", id: channel.id, ref: channel.name },
});

/** Has a channel told of what happens. The address is sealed and shown to nobody again. */
export const addChannel = command({
  name: "chat.channel.added",
  title: "Have a chat channel told",
  http: { method: "POST", path: "/chat-channels", status: 201 },
  input: createChannelInput,
  load: async (tx, input) => ({ unit: input.businessUnit ? await givenUnit(tx, input.businessUnit) : null }),
  may: (actor) => mayKeepChannels(actor),
  run: async (tx, { input, subject: { unit }, actor, now }) => {
    const { hostname, username } = new URL(input.url);
    const literal = hostname.replace(/^\[|\]$/g, "");
    if (username !== "" || (/^[\d.]+$|:/.test(literal) && !allowedAddress(literal)))
      throw new Refusal("invalid", "url: no message may be sent there.", [
        { field: "url", message: "Give the address that the chat shows, of a server that may be reached." },
      ]);
    const id = newId();
    const [row] = await tx
      .insert(chatChannels)
      .values({
        id,
        name: input.name,
        system: input.system,
        url: sealUrl(id, input.url),
        host: hostname,
        unitId: unit?.id ?? null,
        kinds: input.kinds,
        createdAt: now,
        createdBy: `${actor.kind}:${actor.id}`,
      })
      .onConflictDoNothing()
      .returning({ id: chatChannels.id });
    if (!row)
      throw new Refusal("conflict", `There is a channel called ${input.name} already.`, [
        { field: "name", message: "Taken." },
      ]);
    return {
      result: { id, name: input.name },
      entry: {
        ...about({ id, name: input.name }),
        summary: `has the channel ${input.name} told of ${unit ? unit.name : "everything"} (${hostname})`,
        body: { name: input.name, system: input.system, host: hostname, unit: unit?.slug ?? null, kinds: input.kinds },
      },
    };
  },
});

type Paused = { id: string; paused: boolean };

export const pauseChannel = command({
  name: "chat.channel.paused",
  title: "Pause a chat channel, or go on",
  http: { method: "POST", path: "/chat-channels/{id}/pause" },
  input: pauseInput,
  load: (tx, { id }) => findChannel(tx, id),
  may: (actor) => mayKeepChannels(actor),
  run: async (tx, { input, subject, now }): Promise<Done<Paused> | Unchanged<Paused>> => {
    const result = { id: subject.id, paused: input.paused };
    if ((subject.pausedAt !== null) === input.paused) return { unchanged: result };
    await tx
      .update(chatChannels)
      .set({ pausedAt: input.paused ? now : null })
      .where(eq(chatChannels.id, subject.id));
    return {
      result,
      entry: {
        ...about(subject),
        summary: `${input.paused ? "paused" : "goes on with"} the channel ${subject.name}`,
        body: { paused: input.paused },
      },
    };
  },
});

export const removeChannel = command({
  name: "chat.channel.removed",
  title: "Stop telling a chat channel",
  http: { method: "DELETE", path: "/chat-channels/{id}" },
  input: channelKey,
  load: (tx, { id }) => findChannel(tx, id),
  may: (actor) => mayKeepChannels(actor),
  run: async (tx, { subject, now }) => {
    const gone = await tx
      .update(chatChannels)
      .set({ removedAt: now, url: Buffer.alloc(0) })
      .where(and(eq(chatChannels.id, subject.id), isNull(chatChannels.removedAt)))
      .returning({ id: chatChannels.id });
    if (gone.length === 0) throw new Refusal("conflict", "Someone else removed this channel a moment ago.");
    return {
      result: { id: subject.id },
      entry: {
        ...about(subject),
        summary: `stopped telling the channel ${subject.name}`,
        body: { name: subject.name },
      },
    };
  },
});

export const channelList = query({
  name: "chat.channels.listed",
  title: "List chat channels",
  http: { method: "GET", path: "/chat-channels" },
  input: z.strictObject({}),
  run: async (read, _input, actor): Promise<{ items: ChannelRow[] }> => {
    insist(mayKeepChannels(actor));
    const { rows } = await read.execute<ChannelRow>(sql`
      select c.id, c.name, c.system, c.host, u.name as unit, c.kinds, c.paused_at is not null as paused,
        (select count(*)::int from delivery d where d.channel_id = c.id and d.state = 'sent') as sent,
        (select d.answer from delivery d where d.channel_id = c.id and d.state in ('failed', 'given_up', 'uncertain') order by d.made_at desc limit 1) as trouble
      from chat_channel c left join business_unit u on u.id = c.unit_id where c.removed_at is null order by c.name limit 200`);
    return { items: rows };
  },
});

/** Says something in a channel now and tells what it answered. Writes nothing here. */
export const testChannel = query({
  name: "chat.channel.tested",
  title: "Send a test message to a chat channel",
  http: { method: "POST", path: "/chat-channels/{id}/test" },
  input: channelKey,
  run: async (read, { id }, actor) => {
    insist(mayKeepChannels(actor));
    const channel = await findChannel(read, id);
    const { publicUrl } = config();
    const message = { what: "Countersign reaches this channel.", thing: "A test message", url: `${publicUrl}/` };
    const { kind, answer } = await post(channel.system, unsealUrl(id, channel.url), chatBody(channel.system, message));
    return { ok: kind === "sent", answer };
  },
});
