import { database } from "@/db/client";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { problemResponse } from "@/lib/http/problem";
import { hosts } from "@/lib/signing/hosts";
import { publishedFile } from "@/lib/signing/published";

export const dynamic = "force-dynamic";

/** Public keys and trust roots (signing.md section 3): portal-keys.json, trusted_root.json, log.vkey, portal.pub, allowed_signers. */
export async function GET(_: Request, { params }: { params: Promise<{ name: string }> }): Promise<Response> {
  try {
    const { name } = await params;
    const known = hosts();
    const file = await publishedFile(database().db, { host: known.name, origin: known.log }, name);
    if (!file) throw new Refusal("not_found", `There is no /.well-known/${name}.`);
    return new Response(file.body, { headers: { "content-type": file.type, "cache-control": "public, max-age=300" } });
  } catch (error) {
    return problemResponse(error, newId());
  }
}
