import "server-only";
import { z } from "zod";
import { config } from "@/lib/config/config";
import { UpstreamFault } from "@/lib/connectors/fault";
import { type HttpClient, httpClient } from "@/lib/connectors/http";
import type { Ctx } from "@/lib/core/command";
import { parse } from "@/lib/core/parse";
import { insist, Refusal } from "@/lib/core/refusal";
import { evidenceTypes, maxEvidenceBytes, mayUpload } from "./evidence";
import { keep } from "./keep";

const Link = z.strictObject({
  url: z.url({ protocol: /^https?$/, error: "Give an http or https link." }).max(2000, "At most 2000 characters."),
});

/**
 * Reads what stands behind a link now and keeps it as a file with its digest, so that what was attested can be shown when the page
 * has changed or gone. A link that is broken, asks for a sign-in or leads elsewhere is refused with what happened.
 */
export async function snapshotLink(ctx: Ctx, raw: unknown): ReturnType<typeof keep> {
  insist(mayUpload(ctx.actor));
  const { url: given } = parse(Link, raw);
  const url = new URL(given);
  let client: HttpClient | null = null;
  try {
    client = httpClient(
      "The link",
      url.origin,
      {},
      {
        tries: 2,
        timeoutMs: 15_000,
        budgetMs: 40_000,
        maxBytes: maxEvidenceBytes,
        publicOnly: !config().evidenceInternalHosts,
      },
    );
    const answer = await client.bytes({ method: "GET", path: `${url.pathname}${url.search}`, accept: "*/*" });
    const type = (answer.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
    // A web page is kept as its source, which no browser runs.
    const page = type === "text/html" || type === "application/xhtml+xml" || !Object.hasOwn(evidenceTypes, type);
    return await keep(ctx, {
      name: nameOf(url, page && type.includes("html")),
      type: page && type.includes("html") ? "text/plain" : type,
      bytes: answer.body,
      sourceUrl: given,
    });
  } catch (error) {
    if (error instanceof UpstreamFault) throw broken(error);
    throw error;
  } finally {
    client?.close();
  }
}

const why: Partial<Record<UpstreamFault["kind"], string>> = {
  not_found: "The link leads to nothing (it has expired, or was never there). Give one that works, or attach the file.",
  unauthorized: "The link asks for a sign-in, so that it shows nothing to others. Attach the file instead.",
  forbidden: "The link asks for a sign-in, so that it shows nothing to others. Attach the file instead.",
  redirect: "The link leads on to another host. Give the address where it ends.",
  too_large: "What stands there is larger than 20 MB. Attach an excerpt.",
};

const broken = (fault: UpstreamFault): Refusal => {
  const message = fault.status === 410 ? why.not_found : why[fault.kind];
  return new Refusal(
    "invalid",
    message ?? `The link could not be read: ${fault.message}`,
    [{ field: "evidenceUrl", message: message ?? fault.message }],
    { cause: fault },
  );
};

function nameOf(url: URL, page: boolean): string {
  const last = url.pathname.split("/").filter(Boolean).at(-1) ?? url.hostname;
  const clean = decodeURIComponent(last)
    .replaceAll(/[^\p{L}\p{N} ._-]/gu, "_")
    .slice(0, 150);
  return page ? `${clean}.html.txt` : clean;
}
