import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemActor } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { integrate } from "@/lib/log/store";
import { revokeGrant } from "@/lib/people/revoke-grant";
import { keptFigures } from "@/lib/queue/kept";
import { answerCondition } from "@/lib/reviews/condition";
import { recordDecision } from "@/lib/reviews/decide";
import { addComment } from "@/lib/reviews/discuss";
import { raiseFinding } from "@/lib/reviews/finding";
import { declareRecusal } from "@/lib/reviews/vote";
import { testDatabase } from "@/lib/testing/database";
import { type Reviews, rationale, testReviews } from "@/lib/testing/reviews";
import { fanOut } from "./fan-out";
import { markRead } from "./mark";
import { notificationList } from "./queries";
import { remindEverybody } from "./remind";

let t: Awaited<ReturnType<typeof testDatabase>>;
let b: Reviews;
beforeAll(async () => {
  t = await testDatabase();
  b = await testReviews(t.db);
});
afterAll(() => t.drop());

type Name = Parameters<Reviews["as"]>[0];
const portal = (): Ctx => ({ ...b.as("chair"), actor: systemActor });
const sequence = async () => {
  for (;;) if ((await t.db.transaction((tx) => integrate(tx, null))).taken === 0) return;
};
/** Everything that waits in the log is told. */
const tell = async (limit = 500) => {
  await sequence();
  for (;;) {
    const { to, size } = await fanOut(portal(), { limit });
    if (to >= size) return;
  }
};
const heard = async (name: Name, thing: string) =>
  (await notificationList(b.as(name), { limit: 200 })).items
    .filter((n) => n.thing.includes(thing))
    .map((n) => [n.kind, n.ask, n.dueOn]);
const rows = async () =>
  (await t.db.execute<{ n: number }>(sql`select count(*)::int as n from notification`)).rows[0]?.n ?? -1;

test("who may vote is asked to, with the promised day; who may not, has a stake or stands aside is not; nobody hears of their own deed", async () => {
  const { ref, promisedOn } = await b.submitted();
  await declareRecusal(b.as("privacy"), { ref, reason: "My team built it." });
  await tell();
  expect(await heard("security", ref)).toContainEqual(["vote", "Read it and vote.", promisedOn]);
  expect(await heard("owner", ref)).toEqual([]);
  expect(await heard("viewer", ref)).toEqual([]);
  expect(await heard("privacy", ref)).toEqual([]);
  const [first] = (await notificationList(b.as("security"), {})).items.filter((n) => n.kind === "vote");
  expect(first).toMatchObject({
    href: `/reviews/${ref}`,
    what: expect.stringContaining(`submitted ${ref}`),
    read: false,
  });
});

test("a finding asks its owner, a decision whoever has conditions to meet, an answer whoever may judge it and did not give it", async () => {
  const { ref } = await b.submitted();
  await raiseFinding(b.as("risk"), {
    ref,
    round: 1,
    title: "No drift alarm",
    text: "Nobody would notice.",
    severity: "note",
  });
  await addComment(b.as("security"), { ref, text: "Agreed." });
  await b.voted(ref, "approve_with_conditions");
  const { conditions } = await recordDecision(b.as("chair"), {
    ref,
    round: 1,
    outcome: "approved_with_conditions",
    rationale,
    conditions: [b.condition()],
  });
  const [con = ""] = conditions;
  await tell();
  await answerCondition(b.as("owner"), {
    ref: con,
    text: "Drilled in ten minutes.",
    evidenceUrl: "https://w.example/1",
  });
  await tell();
  const owner = await heard("owner", ref);
  expect(owner).toContainEqual(["answer", "Answer the finding, or mend it.", null]);
  expect(owner).toContainEqual(["answer", "Meet the conditions that are yours.", "2026-04-01"]);
  expect(await heard("security", ref)).toContainEqual(["review", "", null]);
  expect(await heard("chair", con)).toEqual([["judge", "Look at the evidence: accept it or return it.", "2026-04-01"]]);
  expect(await heard("owner", con)).toEqual([]);
});

test("a finding asks whoever was named to mend it, by the day that was named, beside the model's owner", async () => {
  const { ref } = await b.submitted();
  await raiseFinding(b.as("risk"), {
    ref,
    round: 1,
    title: "No alarm on the batch",
    text: "Operations have to add one.",
    severity: "should_fix",
    owner: b.ids.operations,
    dueOn: "2026-04-20",
  });
  await tell();
  expect(await heard("operations", ref)).toContainEqual(["answer", "Answer the finding, or mend it.", "2026-04-20"]);
  expect((await heard("owner", ref)).map(([, ask]) => ask)).toContain("Answer the finding, or mend it.");
});

test("gone through again, in small steps, by many at once, or after a crash in between, everything is told once", async () => {
  const { ref } = await b.submitted();
  await tell();
  const before = await rows();
  await t.db.execute(sql`update notification_cursor set next_index = 0`);
  await tell(7);
  expect(await rows()).toBe(before);
  await addComment(b.as("security"), { ref, text: "One." });
  await addComment(b.as("risk"), { ref, text: "Two." });
  await sequence();
  // The transaction that dies takes its rows and its place along.
  await expect(
    t.db.transaction(async (tx) => {
      await fanOut(
        { ...portal(), db: Object.assign(Object.create(t.db), { transaction: tx.transaction }) },
        { limit: 1 },
      );
      throw new Error("the power went");
    }),
  ).rejects.toThrow();
  await Promise.all(Array.from({ length: 6 }, () => fanOut(portal(), { limit: 1 })));
  await tell();
  const { rows: twice } = await t.db.execute(
    sql`select 1 from notification n join notice o on o.id = n.notice_id group by o.entry_id, n.person_id having count(*) > 1`,
  );
  expect(twice).toEqual([]);
  expect((await heard("owner", ref)).length).toBe(2);
});

test("who may not see the unit, or is inactive, is not told; who loses the role loses what they had", async () => {
  const { ref } = await b.submitted();
  const id = newId();
  const gone = newId();
  const { rows: units } = await t.db.execute<{ id: string }>(
    sql`insert into business_unit (id, slug, name) values (${newId()}, 'elsewhere', 'Elsewhere') returning id`,
  );
  await t.db.execute(sql`insert into person (id, name, email, created_at, active) values
    (${id}, 'Else', 'else@example.com', now(), true), (${gone}, 'Gone', 'gone@example.com', now(), false)`);
  await t.db.execute(sql`insert into role_grant (id, person_id, role, business_unit_id, granted_by, granted_at) values
    (${newId()}, ${id}, 'security', ${units[0]?.id}, 'test', now()), (${newId()}, ${gone}, 'security', null, 'test', now())`);
  await tell();
  expect(await heard("security", ref)).not.toEqual([]);
  const told = await t.db.execute(sql`select 1 from notification where person_id in (${id}, ${gone})`);
  expect(told.rows).toEqual([]);

  const { rows: grants } = await t.db.execute<{ id: string }>(
    sql`select id from role_grant where person_id = ${b.ids.privacy}`,
  );
  expect(grants.length).toBeGreaterThan(0);
  expect(await heard("privacy", ref)).not.toEqual([]);
  for (const grant of grants) await revokeGrant(b.as("admin"), { person: b.ids.privacy, grant: grant.id });
  await tell();
  expect(await heard("privacy", ref)).toEqual([]);
  expect((await notificationList(b.as("privacy"), {})).items.every((n) => n.kind === "account")).toBe(true);
});

test("what is old when it is gone through is born read", async () => {
  const { ref } = await b.submitted();
  await sequence();
  const later = new Date(b.as("chair").now().getTime() + 8 * 86_400_000);
  for (;;) {
    const { to, size } = await fanOut({ ...portal(), now: () => later }, {});
    if (to >= size) break;
  }
  const [one] = (await notificationList(b.as("security"), { limit: 200 })).items.filter((n) => n.thing.includes(ref));
  expect(one).toMatchObject({ read: true });
});

test("unread come first; pages join without gap; kinds are filtered; marks stay one's own", async () => {
  const { ref } = await b.submitted();
  await addComment(b.as("owner"), { ref, text: "See the annex." });
  await addComment(b.as("risk"), { ref, text: "Read." });
  await tell();
  const whole = (await notificationList(b.as("risk"), { limit: 200 })).items;
  const paged: string[] = [];
  let after: string | undefined;
  do {
    const page = await notificationList(b.as("risk"), { limit: 3, after });
    paged.push(...page.items.map((n) => n.id));
    after = page.next ?? undefined;
  } while (after);
  expect(paged).toEqual(whole.map((n) => n.id));
  expect(whole.map((n) => n.read)).toEqual([...whole.map((n) => n.read)].sort());
  expect(
    (await notificationList(b.as("risk"), { kind: "vote", limit: 200 })).items.every((n) => n.kind === "vote"),
  ).toBe(true);
  await expect(notificationList(b.as("risk"), { kind: "nonsense" })).rejects.toMatchObject({ code: "invalid" });
  await expect(notificationList(b.as("risk"), { after: "x" })).rejects.toMatchObject({ code: "invalid" });

  const unread = async (name: Name) => (await keptFigures(b.as(name))).unread;
  const [mine, theirs] = [await unread("risk"), await unread("security")];
  const [line] = whole.filter((n) => !n.read);
  if (!line) throw new Error("nothing is unread");
  expect(await markRead(b.as("security"), { ids: [line.id] })).toEqual({ read: 0 });
  expect(await markRead(b.as("risk"), { ids: [line.id] })).toEqual({ read: 1 });
  expect(await unread("risk")).toBe(mine - 1);
  const { read } = await markRead(b.as("risk"), { path: `/reviews/${ref}#anything` });
  expect(read).toBeGreaterThan(0);
  await markRead(b.as("risk"), { until: b.as("risk").now().toISOString() });
  expect(await unread("risk")).toBe(0);
  expect(await unread("security")).toBe(theirs);
  await expect(markRead(b.as("risk"), {})).rejects.toMatchObject({ code: "invalid" });
  await expect(markRead(portal(), { ids: [] })).rejects.toMatchObject({ code: "forbidden" });
  expect((await notificationList(b.as("risk"), { unread: "true" })).items).toEqual([]);
});

test("what comes due reminds whoever it waits on, once for each day and threshold, and not once it is done", async () => {
  const start = b.clock.at;
  const { ref, promisedOn } = await b.submitted();
  await b.voted(ref, "approve_with_conditions");
  const { conditions } = await recordDecision(b.as("chair"), {
    ref,
    round: 1,
    outcome: "approved_with_conditions",
    rationale,
    conditions: [b.condition()],
  });
  const [con = ""] = conditions;
  const open = await b.submitted();
  const due = async (name: Name, thing: string) =>
    (await notificationList(b.as(name), { kind: "due", limit: 200 })).items.filter((n) => n.thing.includes(thing));
  try {
    b.clock.at = new Date("2026-03-29T06:00:00Z");
    await Promise.all([remindEverybody(portal(), true), remindEverybody(portal(), true)]);
    await remindEverybody(portal(), true);
    expect(await due("owner", con)).toMatchObject([
      {
        what: `${con} is due in 3 days: Drill the rollback before release.`,
        ask: "Give evidence.",
        dueOn: "2026-04-01",
      },
    ]);
    // The board's promise is long past, and said once to each who has not voted.
    expect(promisedOn < "2026-03-29").toBe(true);
    expect(await due("security", open.ref)).toMatchObject([{ ask: "Vote.", href: `/reviews/${open.ref}` }]);
    expect(await due("security", ref)).toEqual([]);
    b.clock.at = new Date("2026-04-01T06:00:00Z");
    await answerCondition(b.as("owner"), {
      ref: con,
      text: "Drilled in ten minutes.",
      evidenceUrl: "https://w.example/1",
    });
    await remindEverybody(portal(), true);
    expect(await due("owner", con)).toHaveLength(1);
    expect((await due("deputy", con)).map((n) => n.ask)).toEqual(["Check evidence."]);
    const { rows: unmatched } = await t.db.execute(sql`
      select 1 from notification n left join delivery d on d.id = n.delivery_id where n.mail = 'immediate' and d.id is null
      union all select 1 from delivery d where d.digest_on is null and not exists (select from notification n where n.delivery_id = d.id)`);
    expect(unmatched).toEqual([]);
  } finally {
    b.clock.at = start;
  }
});
