import "server-only";
import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { jobs } from "@/db/schema/log";
import { command } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { mayRetryJob } from "./health";

/** Gives a failed job a new set of attempts. */
export const retryJob = command({
  name: "job.retried",
  title: "Start a failed job again",
  http: { method: "POST", path: "/jobs/{id}/retry" },
  input: z.strictObject({ id: z.uuid("Give the job's id.") }),
  load: async (tx, input) => {
    const [job] = await tx.select().from(jobs).where(eq(jobs.id, input.id));
    if (!job) throw new Refusal("not_found", "There is no such job. Jobs are forgotten 90 days after they failed.");
    return job;
  },
  may: mayRetryJob,
  run: async (tx, { subject, now }) => {
    const again = await tx
      .update(jobs)
      .set({ state: "waiting", attempts: 0, runAt: now, finishedAt: null })
      .where(and(eq(jobs.id, subject.id), eq(jobs.state, "failed")))
      .returning({ id: jobs.id });
    if (again.length === 0) throw new Refusal("conflict", "Someone else started this job again a moment ago.");
    return {
      result: { id: subject.id, name: subject.name },
      entry: {
        subject: { kind: "job", id: subject.id, ref: subject.name },
        summary: `started the failed job ${subject.name} again`,
        body: { job: subject.id, name: subject.name, payload: subject.payload, lastError: subject.lastError },
      },
    };
  },
});
