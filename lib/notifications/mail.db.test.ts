import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type MailTests, mailTests } from "@/lib/testing/mail";
import { startSmtp } from "@/lib/testing/smtp";
import { pauses } from "./deliver";
import { deliveryHealth } from "./health";
import { resendDelivery } from "./resend";
import { readUnsubscribeToken } from "./unsubscribe-token";

let m: MailTests;
beforeAll(async () => {
  m = await mailTests();
});
afterAll(() => m.stop());
beforeEach(() => m.fresh());

test("a mail names the thing, says what is asked by when, links to it, joins its thread, and can be turned off", async () => {
  const id = await m.told();
  await m.told({ what: "Vera commented in REV-0007" });
  expect(await m.send()).toBe(2);
  const [mail, second] = m.smtp.mails;
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
  expect(readUnsubscribeToken(m.key, token)).toEqual({ personId: m.mara.actor.id, what: "vote" });
  expect(readUnsubscribeToken(Buffer.alloc(32, 8), token)).toBeNull();
  expect(readUnsubscribeToken(m.key, token.replace("vote", "sign"))).toBeNull();
  expect(await m.rows()).toMatchObject([
    { state: "sent", answer: expect.stringContaining("kept as 42") },
    { state: "sent" },
  ]);
  expect(await m.send()).toBe(0);
});

test("nothing that someone wrote becomes a header, markup or another reader", async () => {
  await m.told({
    thing: "REV-1\r\nBcc: victim@example.com\r\n\r\n<script>alert(1)</script>",
    what: "Otto\nX-Evil: yes\u2028 wrote <img src=x onerror=alert(1)> & more",
    ask: "",
    kind: "review",
  });
  await m.send();
  const [mail] = m.smtp.mails;
  expect(mail?.headers.map((h) => h.key)).not.toContain("bcc");
  expect(mail?.headers.map((h) => h.key)).not.toContain("x-evil");
  expect(mail?.subject).toMatch(/^REV-1 Bcc: victim@example.com <script>/);
  expect(mail?.html).not.toMatch(/<script|<img/);
  expect(m.smtp.mails).toHaveLength(1);
});

test("what the server refuses for good is not tried again, and its words are kept", async () => {
  await m.told();
  m.smtp.state.mood = { at: "rcpt", code: 550, words: "5.1.1 No such user here" };
  await m.send();
  expect(await m.rows()).toMatchObject([
    { state: "failed", attempts: 1, answer: expect.stringContaining("No such user here") },
  ]);
  m.later(10_000);
  m.smtp.state.mood = "take";
  expect(await m.send()).toBe(0);
});

test("what is refused for now is tried again with growing pauses, and given up in the end", async () => {
  await m.told();
  m.smtp.state.mood = { at: "data", code: 451, words: "4.7.1 Greylisted" };
  await m.send();
  expect(await m.rows()).toMatchObject([
    { state: "waiting", attempts: 1, answer: expect.stringContaining("Greylisted") },
  ]);
  expect(await m.send()).toBe(0);
  for (const pause of pauses) {
    m.later(pause);
    expect(await m.send()).toBe(1);
  }
  expect(await m.rows()).toMatchObject([{ state: "given_up", attempts: pauses.length + 1 }]);
  m.smtp.state.mood = "take";
  m.later(10_000);
  expect(await m.send()).toBe(0);

  await m.told();
  m.smtp.state.mood = "deaf";
  await m.send();
  m.later(1);
  m.smtp.state.mood = "take";
  await m.send();
  expect(m.smtp.mails).toHaveLength(1);
});

test("what did not get through stands on the health page, and goes out again when an administrator says so", async () => {
  const admin = await m.org.person("Ada Admin", "admin");
  const id = await m.told();
  m.smtp.state.mood = { at: "rcpt", code: 550, words: "5.1.1 No such user here" };
  await m.send();
  expect(await deliveryHealth(admin, {})).toMatchObject({
    waiting: 0,
    trouble: 1,
    troubles: [{ id, state: "failed", to: "Mara Reader", answer: expect.stringContaining("No such user") }],
  });
  await expect(deliveryHealth(m.mara, {})).rejects.toMatchObject({ code: "forbidden" });
  await expect(resendDelivery(m.mara, { id })).rejects.toMatchObject({ code: "forbidden" });
  m.smtp.state.mood = "take";
  await resendDelivery(admin, { id });
  await m.send();
  expect(m.smtp.mails).toHaveLength(1);
  await expect(resendDelivery(admin, { id })).rejects.toMatchObject({ code: "conflict" });
});

test.each([
  ["cut", 0],
  ["swallow", 1],
] as const)(
  "a connection that breaks within the message (%s) leaves it uncertain: never sent again by itself",
  async (mood, arrived) => {
    await m.told();
    m.smtp.state.mood = mood;
    await m.send();
    expect(await m.rows()).toMatchObject([{ state: "uncertain", attempts: 1 }]);
    m.smtp.state.mood = "take";
    m.later(10_000);
    expect(await m.send()).toBe(0);
    expect(m.smtp.mails).toHaveLength(arrived);
  },
);

test("a process that dies while it sends leaves the mail uncertain, and the others go out", async () => {
  const lost = await m.told();
  await m.db.execute(
    sql`update delivery set state = 'sending', attempts = 1, claimed_at = ${m.org.now.at.toISOString()} where id = ${lost}`,
  );
  await m.told();
  expect(await m.send()).toBe(1);
  expect((await m.rows()).map((r) => r.state)).toEqual(["sending", "sent"]);
  m.later(16);
  expect(await m.send()).toBe(0);
  expect((await m.rows()).map((r) => r.state)).toEqual(["uncertain", "sent"]);
  expect(m.smtp.mails).toHaveLength(1);
});

test("of many workers each mail is sent by one", async () => {
  for (let i = 0; i < 20; i++) await m.told({ what: `Number ${i}` });
  await Promise.all([m.send(), m.send(), m.send()]);
  expect(m.smtp.mails).toHaveLength(20);
  expect(new Set(m.smtp.mails.map((m) => m.messageId)).size).toBe(20);
});

test("who is gone gets nothing, nor does a mail whose contents were taken away", async () => {
  await m.told();
  await m.db.execute(sql`update person set active = false where id = ${m.mara.actor.id}`);
  await m.send();
  await m.db.execute(sql`update person set active = true where id = ${m.mara.actor.id}`);
  await m.told();
  await m.db.execute(sql`delete from notification`);
  await m.send();
  expect((await m.rows()).map((r) => r.state)).toEqual(["needless", "needless"]);
  expect(m.smtp.mails).toHaveLength(0);
});

test("TLS and a password: insisted on, checked, and never repeated", async () => {
  const tls = await startSmtp({ tls: true, password: "hunter2-hunter2" });
  try {
    await m.told();
    await m.send(tls.at("starttls"), tls.ca);
    expect(tls.mails).toHaveLength(1);
    // A certificate that nobody vouches for, and a server without TLS: both wait for an administrator.
    await m.told();
    await m.send(tls.at("starttls"));
    expect((await m.rows())[1]).toMatchObject({
      state: "waiting",
      answer: expect.stringMatching(/certificate|self.signed/i),
    });
    await m.send({ ...m.smtp.at("starttls") });
    m.later(1);
    await m.send(m.smtp.at("starttls"));
    expect((await m.rows())[1]).toMatchObject({
      state: "waiting",
      attempts: 2,
      answer: expect.stringMatching(/STARTTLS/),
    });
    m.later(5);
    await m.send({ ...tls.at("starttls"), password: "wrong-password" }, tls.ca);
    const [, denied] = await m.rows();
    expect(denied).toMatchObject({ state: "waiting", attempts: 3 });
    expect(denied?.answer).not.toContain("wrong-password");
    expect(m.smtp.mails).toHaveLength(0);
  } finally {
    await tls.stop();
  }
});
