import "server-only";
import { z } from "zod";
import { command } from "@/lib/core/command";
import { no, yes } from "@/lib/core/refusal";
import { signingToken } from "@/lib/credentials/credential";
import { signingRequestBy, spendLink } from "@/lib/signing/requests";
import { releaseBy } from "./load";

/** Someone read the statement and did not sign it, with a reason. Not a signed rejection: the gate goes on waiting. */
export const declineApproval = command({
  name: "approval.declined",
  title: "Decline to sign",
  http: { method: "POST", path: "/approvals/decline" },
  input: z.strictObject({
    token: signingToken,
    reason: z
      .string("Say why.")
      .trim()
      .min(10, "Say why in at least 10 characters; whoever asked will read it.")
      .max(2000, "At most 2,000 characters."),
  }),
  load: async (tx, { token }) => {
    const request = await signingRequestBy(tx, token, "approve", new Date(0));
    return { request, release: await releaseBy(tx, request.releaseId ?? "") };
  },
  may: (actor, { request }) =>
    actor.id === request.personId ? yes : no("forbidden", "This link is another person's."),
  run: async (tx, { input, subject: { request, release }, now }) => {
    await spendLink(tx, request, now, true);
    return {
      result: { release: release.ref },
      entry: {
        subject: { kind: "release", id: release.id, ref: release.ref },
        modelId: release.modelId,
        summary: `declined to sign ${release.ref}: ${input.reason.slice(0, 200)}`,
        body: { reason: input.reason, request: request.id },
      },
    };
  },
});
