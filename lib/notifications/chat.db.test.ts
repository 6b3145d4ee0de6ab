import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemActor } from "@/lib/core/actor";
import { integrate } from "@/lib/log/store";
import { testDatabase } from "@/lib/testing/database";
import { type Reviews, testReviews } from "@/lib/testing/reviews";
import { addChannel, channelList, pauseChannel, removeChannel, testChannel } from "./channels";
import { chatBody } from "./chat";
import { sendDue } from "./deliver";
import { fanOut } from "./fan-out";

let t: Awaited<ReturnType<typeof testDatabase>>;
let b: Reviews;
let server: Server;
let url: string;
let answer: { status: number; text: string } = { status: 200, text: "ok" };
const said: { text: string }[] = [];
beforeAll(async () => {
  t = await testDatabase();
  b = await testReviews(t.db);
  server = createServer(async (request: IncomingMessage, response) => {
    let body = "";
    for await (const part of request) body += part;
    if (request.url !== "/services/T0/B0/s3cret-path") return void response.writeHead(404).end("no_service");
    if (answer.status === 200) said.push(JSON.parse(body));
    response.writeHead(answer.status).end(answer.text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/T0/B0/s3cret-path`;
});
afterAll(async () => {
  server.close();
  await t.drop();
});

const tell = async () => {
  while ((await t.db.transaction((tx) => integrate(tx, null))).taken > 0);
  for (;;) {
    const { to, size } = await fanOut({ ...b.as("chair"), actor: systemActor }, {});
    if (to >= size) break;
  }
  return sendDue(
    { db: t.db, now: () => b.clock.at, mailer: null, publicUrl: "https://countersign.example", key: Buffer.alloc(32) },
    200,
  );
};
const channel = (set: object = {}) => ({ name: "Board", system: "slack", url, kinds: ["vote"], ...set });

test("a channel is told once of what happens in its unit, of the kinds chosen, and of nothing while it is paused", async () => {
  const admin = b.as("admin");
  const { id } = await addChannel(admin, channel({ businessUnit: b.unitId }));
  await t.db.execute(
    sql`insert into business_unit (id, slug, name) values (gen_random_uuid(), 'elsewhere', 'Elsewhere')`,
  );
  await addChannel(admin, channel({ name: "Elsewhere", businessUnit: "elsewhere" }));
  const { ref } = await b.submitted();
  await tell();
  expect(said).toEqual([
    {
      text: expect.stringMatching(
        new RegExp(`^<https://countersign\\.example/reviews/${ref}\\|owner submitted ${ref} .*>\n${ref}, model-`),
      ),
    },
  ]);
  await t.db.execute(sql`update notification_cursor set next_index = 0`);
  await tell();
  expect(said).toHaveLength(1);
  await pauseChannel(admin, { id, paused: true });
  await b.submitted();
  await tell();
  await pauseChannel(admin, { id, paused: false });
  await tell();
  expect(said).toHaveLength(1);
  expect(JSON.stringify(await channelList(admin, {}))).not.toContain("s3cret-path");
  await removeChannel(admin, { id });
  await expect(removeChannel(admin, { id })).rejects.toMatchObject({ code: "not_found" });
});

test("what the chat answers is kept in words, without the address; what may pass is tried again", async () => {
  const admin = b.as("admin");
  const { id } = await addChannel(admin, channel({ name: "Refused" }));
  answer = { status: 403, text: "action_prohibited" };
  expect(await testChannel(admin, { id })).toMatchObject({ ok: false, answer: expect.stringMatching(/403/) });
  answer = { status: 429, text: "slow down" };
  await b.submitted();
  await tell();
  const state = async () =>
    (
      await t.db.execute<{ state: string; answer: string }>(
        sql`select state, answer from delivery where channel_id = ${id} order by made_at desc limit 1`,
      )
    ).rows[0];
  expect(await state()).toMatchObject({ state: "waiting" });
  answer = { status: 404, text: "channel_is_archived" };
  b.clock.at = new Date(b.clock.at.getTime() + 120_000);
  await tell();
  const refused = await state();
  expect(refused).toMatchObject({ state: "failed" });
  expect(refused?.answer).not.toContain("s3cret-path");
  const { rows } = await t.db.execute<{ text: string }>(
    sql`select string_agg(summary || convert_from(body, 'UTF8'), ' ') as text from log_entry where name like 'chat.%'`,
  );
  expect(rows[0]?.text).not.toContain("s3cret-path");
  answer = { status: 200, text: "ok" };
  expect(await testChannel(admin, { id })).toEqual({ ok: true, answer: "ok" });
});

test.each([
  [{ url: "http://169.254.169.254/latest" }],
  [{ url: "ftp://chat.example/hook" }],
  [{ kinds: ["account"] }],
  [{ kinds: [] }],
  [{ businessUnit: "nowhere" }],
])("%j is refused", async (set) => {
  await expect(addChannel(b.as("admin"), channel({ name: "Bad", ...set }))).rejects.toMatchObject({ code: "invalid" });
});

test("only administrators keep channels", async () => {
  await expect(addChannel(b.as("chair"), channel())).rejects.toMatchObject({ code: "forbidden" });
  await expect(channelList(b.as("chair"), {})).rejects.toMatchObject({ code: "forbidden" });
});

test("nothing that someone wrote calls everybody or becomes markup", () => {
  const message = {
    what: "Otto said <!channel> & *bold* [x](http://evil)",
    thing: "REV-1|x",
    url: "https://c.example/r",
  };
  expect(chatBody("slack", message)).toEqual({
    text: "<https://c.example/r|Otto said &lt;!channel&gt; &amp; *bold* [x](http://evil)>\nREV-1|x",
  });
  const card = JSON.stringify(chatBody("teams", message));
  expect(card).toContain("\\\\[x\\\\]\\\\(http://evil\\\\)");
  expect(card).toContain('"application/vnd.microsoft.card.adaptive"');
});
