import { snapshotLink } from "@/lib/evidence/snapshot";
import { apiRoute } from "@/lib/http/api-route";
import { inputOf } from "@/lib/http/dispatch";

/** Reads a link now (`{"url": …}`) and answers the file that was kept of it, with its SHA-256. */
export const POST = apiRoute(async ({ request, asker }) =>
  Response.json(await snapshotLink(await asker(), await inputOf(request, "POST")), { status: 201 }),
);
