import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { systemActor } from "@/lib/core/actor";
import { type MailTests, mailTests } from "@/lib/testing/mail";
import { gatherDigests } from "./digest";
import { lowerMail, notificationPreferences, setPreferences } from "./preferences";

let m: MailTests;
beforeAll(async () => {
  m = await mailTests();
});
afterAll(() => m.stop());
beforeEach(() => m.fresh());

test("quiet hours hold back what comes at once until they end, across midnight, in the reader's zone", async () => {
  const setting = { mail: {}, timeZone: "America/New_York", digestHour: 8, quietFrom: 20, quietUntil: 7 };
  await setPreferences(m.mara, setting);
  m.org.now.at = new Date("2026-11-03T01:30:00Z"); // 20:30 in New York
  await m.told();
  expect(await m.send()).toBe(0);
  m.org.now.at = new Date("2026-11-03T11:59:00Z");
  expect(await m.send()).toBe(0);
  m.org.now.at = new Date("2026-11-03T12:00:00Z"); // 07:00
  expect(await m.send()).toBe(1);
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
    await setPreferences(m.mara, { mail: {}, timeZone, digestHour });
    m.org.now.at = new Date(made);
    await m.told({ mail: "digest", kind: "review", ask: "" });
    for (const [i, instant] of at.entries()) {
      m.org.now.at = new Date(instant);
      if (i === 1) expect(await gatherDigests(m.db, new Date(instant))).toBe(counts[i]);
      else expect(await gatherDigests(m.db, m.org.now.at), instant).toBe(counts[i]);
    }
  },
);

test("a digest gathers what came before its hour and is unread, what is asked first; the rest waits for tomorrow", async () => {
  m.org.now.at = new Date("2026-11-02T07:00:00Z");
  await m.told({ mail: "digest", kind: "review", ask: "", what: "Otto commented in REV-0007" });
  await m.told({ mail: "digest", kind: "vote", what: "Otto submitted REV-0008" });
  await m.told({ mail: "digest", kind: "review", ask: "", what: "Read already" });
  await m.db.execute(
    sql`update notification n set read_at = now() from notice o where o.id = n.notice_id and o.what = 'Read already'`,
  );
  m.org.now.at = new Date("2026-11-02T08:30:00Z");
  await m.told({ mail: "digest", kind: "review", ask: "", what: "Too late for today" });
  m.org.now.at = new Date("2026-11-02T09:00:00Z");
  expect(await Promise.all([gatherDigests(m.db, m.org.now.at), gatherDigests(m.db, m.org.now.at)])).toContain(1);
  await m.send();
  expect(m.smtp.mails).toHaveLength(1);
  const [mail] = m.smtp.mails;
  expect(mail?.subject).toBe("2 notifications, 1 asks something of you");
  expect(mail?.text?.indexOf("REV-0008")).toBeLessThan(mail?.text?.indexOf("REV-0007") ?? 0);
  expect(mail?.text).not.toMatch(/Read already|Too late/);
  m.org.now.at = new Date("2026-11-03T08:00:00Z");
  expect(await gatherDigests(m.db, m.org.now.at)).toBe(1);
});

test("choices are kept, change what is said and nothing else, and the link only lowers them", async () => {
  const setting = { timeZone: "Europe/Berlin", digestHour: 7 };
  const usual = await notificationPreferences(m.mara, {});
  expect(usual.mail).toMatchObject({ vote: "immediate", review: "digest" });
  await setPreferences(m.mara, { ...setting, mail: { vote: "digest", review: "immediate" } });
  expect((await notificationPreferences(m.mara, {})).mail).toEqual({
    ...usual.mail,
    vote: "digest",
    review: "immediate",
  });
  await lowerMail(m.mara, { what: "digest" });
  expect((await notificationPreferences(m.mara, {})).mail).toMatchObject({
    vote: "portal",
    review: "immediate",
    model: "portal",
    sign: "immediate",
  });
  await lowerMail(m.mara, { what: "review" });
  await lowerMail(m.mara, { what: "vote" });
  expect((await notificationPreferences(m.mara, {})).mail).toMatchObject({ vote: "portal", review: "portal" });
  await expect(setPreferences(m.mara, { ...setting, mail: {}, timeZone: "Mars/Olympus" })).rejects.toMatchObject({
    code: "invalid",
  });
  await expect(setPreferences(m.mara, { ...setting, mail: { vote: "hourly" } })).rejects.toMatchObject({
    code: "invalid",
  });
  await expect(setPreferences(m.mara, { ...setting, mail: {}, quietFrom: 5 })).rejects.toMatchObject({
    code: "invalid",
  });
  await expect(setPreferences({ ...m.mara, actor: systemActor }, { ...setting, mail: {} })).rejects.toMatchObject({
    code: "forbidden",
  });
});
