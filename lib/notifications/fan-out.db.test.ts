import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemActor } from "@/lib/core/actor";
import { integrate } from "@/lib/log/store";
import { testBoard } from "@/lib/testing/board";
import { testDatabase } from "@/lib/testing/database";
import { fanOut } from "./fan-out";

let t: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.drop());

test("a thousand entries reach twenty people each in a few statements", async () => {
  const board = await testBoard(t.db);
  const model = await board.model();
  // Eighteen more who may decide, beside the chair and the deputy; half of them in the unit only.
  await t.db.execute(sql`
    with p as (insert into person (id, name, email, created_at)
      select gen_random_uuid(), 'Person ' || i, 'p' || i || '@example.com', now() from generate_series(1, 18) i returning id, name)
    insert into role_grant (id, person_id, role, business_unit_id, granted_by, granted_at)
    select gen_random_uuid(), id, 'board_chair', case when right(name, 1) < '5' then ${board.unitId}::uuid end, 'test', now() from p`);
  await t.db.execute(sql`
    with e as (insert into log_entry (id, kind, name, at, actor_kind, actor_id, actor_name, subject_kind, subject_id, subject_ref, model_id, summary, leaf, request_id)
      select gen_random_uuid(), 'command', 'incident.reported', ${board.clock.at.toISOString()}::timestamptz, 'service', 'a pipeline', 'Pipeline',
        'incident', gen_random_uuid()::text, 'INC-' || i, ${model.id}, 'reported INC-' || i, decode(md5(i::text), 'hex'), 'test'
      from generate_series(1, 1000) i returning id)
    insert into log_queue select id from e`);
  while ((await t.db.transaction((tx) => integrate(tx, null))).taken > 0);
  const started = performance.now();
  let made = 0;
  for (;;) {
    const done = await fanOut({ ...board.as("chair"), actor: systemActor }, { mail: true });
    made += done.notifications;
    if (done.to >= done.size) break;
  }
  const ms = Math.round(performance.now() - started);
  // The owner, the chair, the deputy and the eighteen.
  expect(made).toBe(21_000);
  // Far above what it takes on a busy machine, and far below one statement per person.
  expect(ms).toBeLessThan(15_000);
});
