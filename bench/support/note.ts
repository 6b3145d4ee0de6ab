import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Db } from "@/db/client";
import { prepared, send } from "@/db/transact";
import { systemActor } from "@/lib/core/actor";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { yes } from "@/lib/core/refusal";

/** What is written: 200 characters. */
export const text = "x".repeat(200);
const row = prepared("bench_row", "insert into bench_row (id, text, at) values ($1::uuid, $2, $3::timestamptz)");

export const makeNotes = (db: Db) =>
  db.execute(sql`create table bench_row (id uuid primary key, text text not null, at timestamptz not null)`);

const noted = command({
  name: "bench.noted",
  title: "Write a row",
  http: null,
  input: z.strictObject({ text: z.string().max(1000) }),
  load: async () => null,
  may: () => yes,
  run: async (tx, { input, now }) => {
    const id = newId();
    return {
      result: { id },
      entry: { subject: { kind: "bench", id, ref: id }, summary: "wrote a row", body: { text: input.text } },
      writes: [send(tx, row, [id, input.text, now.toISOString()])],
    };
  },
});

/** Writes a row by a command, with its entry in the log. Needs `makeNotes`. */
export const note = (db: Db) => noted({ db, actor: systemActor, now: () => new Date(), requestId: "bench" }, { text });
