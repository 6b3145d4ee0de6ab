import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { systemActor } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { testDatabase } from "@/lib/testing/database";
import { testOrg } from "@/lib/testing/org";
import { startSmtp } from "@/lib/testing/smtp";
import { pauses, sendDue } from "./deliver";
import { gatherDigests } from "./digest";
import { deliveryHealth } from "./health";
import type { MailChoice, NoticeKind } from "./notification";
import { lowerMail, notificationPreferences, setPreferences } from "./preferences";
import { resendDelivery } from "./resend";
import { mailer, type SmtpServer } from "./smtp";
import { readUnsubscribeToken } from "./unsubscribe-token";

let t: Awaited<ReturnType<typeof testDatabase>>;
let org: Awaited<ReturnType<typeof testOrg>>;
let mara: Ctx;
let smtp: Awaited<ReturnType<typeof startSmtp>>;
const key = Buffer.alloc(32, 7);
const from = { name: "Countersign", address: "countersign@example.com" };
const publicUrl = "https://countersign.example";
beforeAll(async () => {
  t = await testDatabase();
  org = await testOrg(t.db);
  mara = await org.person("Mara Reader", "contributor");
  smtp = await startSmtp();
});
afterAll(async () => {
  await smtp.stop();
  await t.drop();
});
beforeEach(async () => {
  await t.db.execute(sql`delete from notification`);
  await t.db.execute(sql`delete from delivery`);
  await t.db.execute(sql`delete from notification_preference`);
  await t.db.execute(sql`delete from notification_setting`);
  smtp.mails.length = 0;
  smtp.state.mood = "take";
  org.now.at = new Date("2026-11-02T09:00:00Z");
});

/** A notification as the fan-out makes it. */
async function told(
  set: { what?: string; thing?: string; ask?: string; kind?: NoticeKind; mail?: MailChoice; thread?: string } = {},
) {
  const [notice, delivery] = [newId(), set.mail === "digest" ? null : newId()];
  const at = org.now.at.toISOString();
  await t.db.execute(sql`insert into notice (id, entry_id, thing, what, href, thread, at)
    values (${notice}, ${newId()}, ${set.thing ?? "REV-0007, card-fraud-score"}, ${set.what ?? "Otto submitted REV-0007"}, '/reviews/REV-0007', ${set.thread ?? "review:1"}, ${at})`);
  if (delivery)
    await t.db.execute(
      sql`insert into delivery (id, person_id, next_at, made_at) values (${delivery}, ${mara.actor.id}, ${at}, ${at})`,
    );
  await t.db.execute(sql`insert into notification (notice_id, person_id, kind, ask, due_on, at, made_at, mail, delivery_id)
    values (${notice}, ${mara.actor.id}, ${set.kind ?? "vote"}, ${set.ask ?? "Read it and vote."}, '2026-11-09', ${at}, ${at}, ${set.mail ?? "immediate"}, ${delivery})`);
  return delivery ?? "";
}

async function send(server: SmtpServer = smtp.at(null), ca?: string): Promise<number> {
  const out = mailer(server, from, ca);
  try {
    return await sendDue({ db: t.db, now: () => org.now.at, mailer: out, publicUrl, key }, 50);
  } finally {
    out.close();
  }
}
const rows = async () =>
  (
    await t.db.execute<{ state: string; attempts: number; answer: string }>(
      sql`select state, attempts, answer from delivery order by made_at, id`,
    )
  ).rows;
const later = (minutes: number) => {
  org.now.at = new Date(org.now.at.getTime() + minutes * 60_000);
};

test("a mail names the thing, says what is asked by when, links to it, joins its thread, and can be turned off", async () => {
  const id = await told();
  await told({ what: "Vera commented in REV-0007" });
  expect(await send()).toBe(2);
  const [mail, second] = smtp.mails;
  expect(mail).toMatchObject({
    subject: "card-fraud-score: Otto submitted REV-0007",
    from: { name: "Countersign", address: "countersign@example.com" },
    to: [{ address: "mara.reader@example.com" }],
    messageId: `<${id}@countersign.example>`,
    references: "<thread.review.1@countersign.example>",
  });
  expect(second?.references).toBe(mail?.references);
  expect(second?.messageId).not.toBe(mail?.messageId);
  expect(mail?.text).toContain("Read it and vote. By Mon, 9 November 2026.");
  expect(mail?.text).toContain("https://countersign.example/reviews/REV-0007\n");
  expect(mail?.html).toContain('<a href="https://countersign.example/reviews/REV-0007">');
  const header = (name: string) => mail?.headers.find((h) => h.key === name)?.value ?? "";
  expect(header("list-unsubscribe-post")).toBe("List-Unsubscribe=One-Click");
  const token =
    /<https:\/\/countersign\.example\/api\/unsubscribe\/([^>]+)>/.exec(header("list-unsubscribe"))?.[1] ?? "";
  expect(readUnsubscribeToken(key, token)).toEqual({ personId: mara.actor.id, what: "vote" });
  expect(readUnsubscribeToken(Buffer.alloc(32, 8), token)).toBeNull();
  expect(readUnsubscribeToken(key, token.replace("vote", "sign"))).toBeNull();
  expect(await rows()).toMatchObject([
    { state: "sent", answer: expect.stringContaining("kept as 42") },
    { state: "sent" },
  ]);
  expect(await send()).toBe(0);
});

test("nothing that someone wrote becomes a header, markup or another reader", async () => {
  await told({
    thing: "REV-1\r\nBcc: victim@example.com\r\n\r\n<script>alert(1)</script>",
    what: "Otto\nX-Evil: yes\u2028 wrote <img src=x onerror=alert(1)> & more",
    ask: "",
    kind: "review",
  });
  await send();
  const [mail] = smtp.mails;
  expect(mail?.headers.map((h) => h.key)).not.toContain("bcc");
  expect(mail?.headers.map((h) => h.key)).not.toContain("x-evil");
  expect(mail?.subject).toMatch(/^REV-1 Bcc: victim@example.com <script>/);
  expect(mail?.html).not.toMatch(/<script|<img/);
  expect(smtp.mails).toHaveLength(1);
});

test("what the server refuses for good is not tried again, and its words are kept", async () => {
  await told();
  smtp.state.mood = { at: "rcpt", code: 550, words: "5.1.1 No such user here" };
  await send();
  expect(await rows()).toMatchObject([
    { state: "failed", attempts: 1, answer: expect.stringContaining("No such user here") },
  ]);
  later(10_000);
  smtp.state.mood = "take";
  expect(await send()).toBe(0);
});

test("what is refused for now is tried again with growing pauses, and given up in the end", async () => {
  await told();
  smtp.state.mood = { at: "data", code: 451, words: "4.7.1 Greylisted" };
  await send();
  expect(await rows()).toMatchObject([
    { state: "waiting", attempts: 1, answer: expect.stringContaining("Greylisted") },
  ]);
  expect(await send()).toBe(0);
  for (const pause of pauses) {
    later(pause);
    expect(await send()).toBe(1);
  }
  expect(await rows()).toMatchObject([{ state: "given_up", attempts: pauses.length + 1 }]);
  smtp.state.mood = "take";
  later(10_000);
  expect(await send()).toBe(0);

  await told();
  smtp.state.mood = "deaf";
  await send();
  later(1);
  smtp.state.mood = "take";
  await send();
  expect(smtp.mails).toHaveLength(1);
});

test("what did not get through stands on the health page, and goes out again when an administrator says so", async () => {
  const admin = await org.person("Ada Admin", "admin");
  const id = await told();
  smtp.state.mood = { at: "rcpt", code: 550, words: "5.1.1 No such user here" };
  await send();
  expect(await deliveryHealth(admin, {})).toMatchObject({
    waiting: 0,
    trouble: 1,
    troubles: [{ id, state: "failed", to: "Mara Reader", answer: expect.stringContaining("No such user") }],
  });
  await expect(deliveryHealth(mara, {})).rejects.toMatchObject({ code: "forbidden" });
  await expect(resendDelivery(mara, { id })).rejects.toMatchObject({ code: "forbidden" });
  smtp.state.mood = "take";
  await resendDelivery(admin, { id });
  await send();
  expect(smtp.mails).toHaveLength(1);
  await expect(resendDelivery(admin, { id })).rejects.toMatchObject({ code: "conflict" });
});

test.each([
  ["cut", 0],
  ["swallow", 1],
] as const)(
  "a connection that breaks within the message (%s) leaves it uncertain: never sent again by itself",
  async (mood, arrived) => {
    await told();
    smtp.state.mood = mood;
    await send();
    expect(await rows()).toMatchObject([{ state: "uncertain", attempts: 1 }]);
    smtp.state.mood = "take";
    later(10_000);
    expect(await send()).toBe(0);
    expect(smtp.mails).toHaveLength(arrived);
  },
);

test("a process that dies while it sends leaves the mail uncertain, and the others go out", async () => {
  const lost = await told();
  await t.db.execute(
    sql`update delivery set state = 'sending', attempts = 1, claimed_at = ${org.now.at.toISOString()} where id = ${lost}`,
  );
  await told();
  expect(await send()).toBe(1);
  expect((await rows()).map((r) => r.state)).toEqual(["sending", "sent"]);
  later(16);
  expect(await send()).toBe(0);
  expect((await rows()).map((r) => r.state)).toEqual(["uncertain", "sent"]);
  expect(smtp.mails).toHaveLength(1);
});

test("of many workers each mail is sent by one", async () => {
  for (let i = 0; i < 20; i++) await told({ what: `Number ${i}` });
  await Promise.all([send(), send(), send()]);
  expect(smtp.mails).toHaveLength(20);
  expect(new Set(smtp.mails.map((m) => m.messageId)).size).toBe(20);
});

test("who is gone gets nothing, nor does a mail whose contents were taken away", async () => {
  await told();
  await t.db.execute(sql`update person set active = false where id = ${mara.actor.id}`);
  await send();
  await t.db.execute(sql`update person set active = true where id = ${mara.actor.id}`);
  await told();
  await t.db.execute(sql`delete from notification`);
  await send();
  expect((await rows()).map((r) => r.state)).toEqual(["needless", "needless"]);
  expect(smtp.mails).toHaveLength(0);
});

test("TLS and a password: insisted on, checked, and never repeated", async () => {
  const tls = await startSmtp({ tls: true, password: "hunter2-hunter2" });
  try {
    await told();
    await send(tls.at("starttls"), tls.ca);
    expect(tls.mails).toHaveLength(1);
    // A certificate that nobody vouches for, and a server without TLS: both wait for an administrator.
    await told();
    await send(tls.at("starttls"));
    expect((await rows())[1]).toMatchObject({
      state: "waiting",
      answer: expect.stringMatching(/certificate|self.signed/i),
    });
    await send({ ...smtp.at("starttls") });
    later(1);
    await send(smtp.at("starttls"));
    expect((await rows())[1]).toMatchObject({
      state: "waiting",
      attempts: 2,
      answer: expect.stringMatching(/STARTTLS/),
    });
    later(5);
    await send({ ...tls.at("starttls"), password: "wrong-password" }, tls.ca);
    const [, denied] = await rows();
    expect(denied).toMatchObject({ state: "waiting", attempts: 3 });
    expect(denied?.answer).not.toContain("wrong-password");
    expect(smtp.mails).toHaveLength(0);
  } finally {
    await tls.stop();
  }
});

test("quiet hours hold back what comes at once until they end, across midnight, in the reader's zone", async () => {
  const setting = { mail: {}, timeZone: "America/New_York", digestHour: 8, quietFrom: 20, quietUntil: 7 };
  await setPreferences(mara, setting);
  org.now.at = new Date("2026-11-03T01:30:00Z"); // 20:30 in New York
  await told();
  expect(await send()).toBe(0);
  org.now.at = new Date("2026-11-03T11:59:00Z");
  expect(await send()).toBe(0);
  org.now.at = new Date("2026-11-03T12:00:00Z"); // 07:00
  expect(await send()).toBe(1);
});

test.each([
  [
    "Europe/Berlin",
    "2026-03-28T12:00:00Z",
    ["2026-03-29T00:59:00Z", "2026-03-29T01:00:00Z", "2026-03-29T23:00:00Z"],
    2,
    [0, 1, 0],
  ],
  [
    "Europe/Berlin",
    "2026-10-24T12:00:00Z",
    ["2026-10-24T23:59:00Z", "2026-10-25T01:30:00Z", "2026-10-25T22:00:00Z"],
    2,
    [0, 1, 0],
  ],
  [
    "America/New_York",
    "2026-10-31T12:00:00Z",
    ["2026-11-01T12:59:00Z", "2026-11-01T13:00:00Z", "2026-11-01T13:05:00Z"],
    8,
    [0, 1, 0],
  ],
])(
  "in %s the digest comes once a day at the reader's hour, whatever the clocks do (%s)",
  async (timeZone, made, at, digestHour, counts) => {
    await setPreferences(mara, { mail: {}, timeZone, digestHour });
    org.now.at = new Date(made);
    await told({ mail: "digest", kind: "review", ask: "" });
    for (const [i, instant] of at.entries()) {
      org.now.at = new Date(instant);
      if (i === 1) expect(await gatherDigests(t.db, new Date(instant))).toBe(counts[i]);
      else expect(await gatherDigests(t.db, org.now.at), instant).toBe(counts[i]);
    }
  },
);

test("a digest gathers what came before its hour and is unread, what is asked first; the rest waits for tomorrow", async () => {
  org.now.at = new Date("2026-11-02T07:00:00Z");
  await told({ mail: "digest", kind: "review", ask: "", what: "Otto commented in REV-0007" });
  await told({ mail: "digest", kind: "vote", what: "Otto submitted REV-0008" });
  await told({ mail: "digest", kind: "review", ask: "", what: "Read already" });
  await t.db.execute(
    sql`update notification n set read_at = now() from notice o where o.id = n.notice_id and o.what = 'Read already'`,
  );
  org.now.at = new Date("2026-11-02T08:30:00Z");
  await told({ mail: "digest", kind: "review", ask: "", what: "Too late for today" });
  org.now.at = new Date("2026-11-02T09:00:00Z");
  expect(await Promise.all([gatherDigests(t.db, org.now.at), gatherDigests(t.db, org.now.at)])).toContain(1);
  await send();
  expect(smtp.mails).toHaveLength(1);
  const [mail] = smtp.mails;
  expect(mail?.subject).toBe("2 notifications, 1 asks something of you");
  expect(mail?.text?.indexOf("REV-0008")).toBeLessThan(mail?.text?.indexOf("REV-0007") ?? 0);
  expect(mail?.text).not.toMatch(/Read already|Too late/);
  org.now.at = new Date("2026-11-03T08:00:00Z");
  expect(await gatherDigests(t.db, org.now.at)).toBe(1);
});

test("choices are kept, change what is said and nothing else, and the link only lowers them", async () => {
  const setting = { timeZone: "Europe/Berlin", digestHour: 7 };
  const usual = await notificationPreferences(mara, {});
  expect(usual.mail).toMatchObject({ vote: "immediate", review: "digest" });
  await setPreferences(mara, { ...setting, mail: { vote: "digest", review: "immediate" } });
  expect((await notificationPreferences(mara, {})).mail).toEqual({
    ...usual.mail,
    vote: "digest",
    review: "immediate",
  });
  await lowerMail(mara, { what: "digest" });
  expect((await notificationPreferences(mara, {})).mail).toMatchObject({
    vote: "portal",
    review: "immediate",
    model: "portal",
    sign: "immediate",
  });
  await lowerMail(mara, { what: "review" });
  await lowerMail(mara, { what: "vote" });
  expect((await notificationPreferences(mara, {})).mail).toMatchObject({ vote: "portal", review: "portal" });
  await expect(setPreferences(mara, { ...setting, mail: {}, timeZone: "Mars/Olympus" })).rejects.toMatchObject({
    code: "invalid",
  });
  await expect(setPreferences(mara, { ...setting, mail: { vote: "hourly" } })).rejects.toMatchObject({
    code: "invalid",
  });
  await expect(setPreferences(mara, { ...setting, mail: {}, quietFrom: 5 })).rejects.toMatchObject({ code: "invalid" });
  await expect(setPreferences({ ...mara, actor: systemActor }, { ...setting, mail: {} })).rejects.toMatchObject({
    code: "forbidden",
  });
});
