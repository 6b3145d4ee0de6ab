import { sql } from "drizzle-orm";
import { newId } from "@/lib/core/ids";
import { sendDue } from "@/lib/notifications/deliver";
import type { MailChoice, NoticeKind } from "@/lib/notifications/notification";
import { mailer, type SmtpServer } from "@/lib/notifications/smtp";
import { testDatabase } from "./database";
import { testOrg } from "./org";
import { startSmtp } from "./smtp";

const from = { name: "Countersign", address: "countersign@example.com" };
const publicUrl = "https://countersign.example";
const start = "2026-11-02T09:00:00Z";

/** A reader, what she was told, and a real mail server that takes it. */
export async function mailTests() {
  const t = await testDatabase();
  const org = await testOrg(t.db);
  const mara = await org.person("Mara Reader", "contributor");
  const smtp = await startSmtp();
  const key = Buffer.alloc(32, 7);

  /** A notification as the fan-out makes it; answers its delivery, empty for one that a digest gathers. */
  const told = async (
    set: {
      what?: string;
      thing?: string;
      ask?: string;
      kind?: NoticeKind;
      mail?: MailChoice;
      thread?: string;
      entry?: string;
    } = {},
  ): Promise<string> => {
    const [notice, delivery] = [newId(), set.mail === "digest" ? null : newId()];
    const at = org.now.at.toISOString();
    await t.db.execute(sql`insert into notice (id, entry_id, thing, what, href, thread, at)
      values (${notice}, ${set.entry ?? newId()}, ${set.thing ?? "REV-0007, card-fraud-score"}, ${set.what ?? "Otto submitted REV-0007"}, '/reviews/REV-0007', ${set.thread ?? "review:1"}, ${at})`);
    if (delivery)
      await t.db.execute(
        sql`insert into delivery (id, person_id, next_at, made_at) values (${delivery}, ${mara.actor.id}, ${at}, ${at})`,
      );
    await t.db.execute(sql`insert into notification (notice_id, person_id, kind, ask, due_on, at, made_at, mail, delivery_id)
      values (${notice}, ${mara.actor.id}, ${set.kind ?? "vote"}, ${set.ask ?? "Read it and vote."}, '2026-11-09', ${at}, ${at}, ${set.mail ?? "immediate"}, ${delivery})`);
    return delivery ?? "";
  };

  return {
    db: t.db,
    org,
    mara,
    smtp,
    key,
    told,
    /** Sends what is due through a mail server; answers how many mails it took up. */
    async send(server: SmtpServer = smtp.at(null), ca?: string): Promise<number> {
      const out = mailer(server, from, ca);
      try {
        return await sendDue({ db: t.db, now: () => org.now.at, mailer: out, publicUrl, key }, 50);
      } finally {
        out.close();
      }
    },
    rows: async () =>
      (
        await t.db.execute<{ state: string; attempts: number; answer: string }>(
          sql`select state, attempts, answer from delivery order by made_at, id`,
        )
      ).rows,
    later(minutes: number): void {
      org.now.at = new Date(org.now.at.getTime() + minutes * 60_000);
    },
    /** As at first: nothing told, nothing chosen, the server takes everything. */
    async fresh(): Promise<void> {
      for (const table of ["notification", "delivery", "notification_preference", "notification_setting"])
        await t.db.execute(sql`delete from ${sql.identifier(table)}`);
      smtp.mails.length = 0;
      smtp.state.mood = "take";
      org.now.at = new Date(start);
    },
    async stop(): Promise<void> {
      await smtp.stop();
      await t.drop();
    },
  };
}
export type MailTests = Awaited<ReturnType<typeof mailTests>>;
