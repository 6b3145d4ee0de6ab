import { signingPage } from "@/lib/signing/page/document";

export const dynamic = "force-dynamic";

/** The signing page: the same document for every link; its script asks for the statement. */
export function GET(): Response {
  const { html, csp } = signingPage();
  return new Response(html, {
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": csp,
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
    },
  });
}
