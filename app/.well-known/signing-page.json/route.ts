import { signingPage } from "@/lib/signing/page/document";

export const dynamic = "force-dynamic";

/** What the signing page is, so that anyone can compare it with what their browser was given: SHA-256 of its script and style. */
export function GET(): Response {
  const { scriptSha256, styleSha256, csp } = signingPage();
  return Response.json({
    script: { sha256: scriptSha256 },
    style: { sha256: styleSha256 },
    contentSecurityPolicy: csp,
  });
}
