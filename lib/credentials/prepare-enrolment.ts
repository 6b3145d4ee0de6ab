import "server-only";
import { command } from "@/lib/core/command";
import { openSigningRequest } from "@/lib/signing/requests";
import { mayEnrol, PrepareEnrolment } from "./credential";

/** Opens the signing page for a new passkey. The key itself is made there, on the signing origin. */
export const prepareEnrolment = command({
  name: "credential.enrolment.prepared",
  title: "Begin to enrol a passkey",
  http: { method: "POST", path: "/credentials/enrolments", status: 201 },
  input: PrepareEnrolment,
  load: async () => null,
  may: mayEnrol,
  run: async (tx, { input, actor, now }) => {
    const request = await openSigningRequest(tx, {
      purpose: "enrol",
      personId: actor.id,
      payload: Buffer.alloc(0),
      context: JSON.stringify({ label: input.label }),
      releaseId: null,
      now,
    });
    return {
      result: { token: request.token, url: request.url, expiresAt: request.expiresAt },
      entry: {
        subject: { kind: "person", id: actor.id, ref: actor.name },
        summary: `opened the signing page to enrol the passkey “${input.label}”`,
        body: { label: input.label, request: request.id },
      },
    };
  },
});
