import "server-only";
import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { deliveries } from "@/db/schema/notifications";
import { command } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { mayResend } from "./notification";

/** Sends again what was refused, given up, or may not have arrived: somebody's decision, never the portal's own. */
export const resendDelivery = command({
  name: "notification.delivery.resent",
  title: "Send a notification again",
  http: { method: "POST", path: "/notifications/deliveries/{id}/again" },
  input: z.strictObject({ id: z.uuid("Give the delivery's id.") }),
  load: async (tx, input) => {
    const [delivery] = await tx.select().from(deliveries).where(eq(deliveries.id, input.id));
    if (!delivery) throw new Refusal("not_found", "There is no such delivery.");
    return delivery;
  },
  may: mayResend,
  run: async (tx, { subject, now }) => {
    const again = await tx
      .update(deliveries)
      .set({ state: "waiting", attempts: 0, nextAt: now, finishedAt: null, claimedAt: null })
      .where(and(eq(deliveries.id, subject.id), eq(deliveries.state, subject.state)))
      .returning({ id: deliveries.id });
    if (again.length === 0) throw new Refusal("conflict", "Someone else sent this again a moment ago.");
    return {
      result: { id: subject.id },
      entry: {
        subject: { kind: "delivery", id: subject.id, ref: "notification" },
        summary: `sent a notification again that was ${subject.state === "uncertain" ? "uncertain" : "not delivered"}`,
        body: { delivery: subject.id, state: subject.state, answer: subject.answer },
      },
    };
  },
});
