import "server-only";
import { and, eq, inArray } from "drizzle-orm";
import { releases } from "@/db/schema/releases";
import { command } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { releaseBy } from "./load";
import { projectGate } from "./project";
import { mayWithdraw, WithdrawRelease } from "./release";

export const withdrawRelease = command({
  name: "release.withdrawn",
  title: "Withdraw a release request",
  http: { method: "POST", path: "/releases/{release}/withdraw" },
  input: WithdrawRelease,
  load: (tx, { release }) => releaseBy(tx, release),
  may: mayWithdraw,
  run: async (tx, { input, subject, now }) => {
    const [moved] = await tx
      .update(releases)
      .set({ status: "withdrawn", closedAt: now })
      .where(and(eq(releases.id, subject.id), inArray(releases.status, ["open", "allowed"])))
      .returning({ id: releases.id });
    if (!moved) throw new Refusal("conflict", `${subject.ref} was closed a moment ago.`);
    await projectGate(tx, subject, now);
    return {
      result: { ref: subject.ref, status: "withdrawn" as const },
      entry: {
        subject: { kind: "release", id: subject.id, ref: subject.ref },
        modelId: subject.modelId,
        summary: `withdrew ${subject.ref}`,
        body: { from: subject.status, reason: input.reason },
      },
    };
  },
});
