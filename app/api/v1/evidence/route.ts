import { insist, Refusal } from "@/lib/core/refusal";
import { maxEvidenceBytes, mayUpload } from "@/lib/evidence/evidence";
import { fileFault, keep } from "@/lib/evidence/keep";
import { listEvidence } from "@/lib/evidence/queries";
import { apiRoute } from "@/lib/http/api-route";
import { inputOf, readLimited } from "@/lib/http/dispatch";

/** Room for the envelope of a multipart body around the largest file. */
const maxBody = maxEvidenceBytes + 64 * 1024;

/**
 * Takes a file, as multipart/form-data with a part named `file` or as the raw body with its Content-Type and its name in
 * `X-File-Name`, and answers its SHA-256. The bytes are stored before the record, so a record never lacks its bytes.
 */
export const POST = apiRoute(async ({ request, asker }) => {
  const ctx = await asker();
  insist(mayUpload(ctx.actor));
  const { name, type, bytes } = await received(request);
  const file = await keep(ctx, { name, type, bytes });
  return Response.json(file, { status: 201 });
});

export const GET = apiRoute(async ({ request, asker }) => {
  const ctx = await asker();
  const result = await listEvidence(ctx, await inputOf(request, "GET"));
  return Response.json(result);
});

async function received(request: Request): Promise<{ name: string; type: string; bytes: Buffer }> {
  const type = request.headers.get("content-type") ?? "";
  const body = await readLimited(request, maxBody);
  if (!type.toLowerCase().startsWith("multipart/form-data"))
    return { name: decoded(request.headers.get("x-file-name") ?? ""), type: bare(type), bytes: body };
  let form: FormData;
  try {
    form = await new Response(new Uint8Array(body), { headers: { "content-type": type } }).formData();
  } catch (cause) {
    throw new Refusal("invalid", "The multipart body cannot be read. Send one part named file.", [], { cause });
  }
  const file = form.get("file");
  if (!(file instanceof File)) throw fileFault("invalid", "Send the file in a part named file.");
  return { name: file.name, type: bare(file.type), bytes: Buffer.from(await file.arrayBuffer()) };
}

const bare = (type: string): string => type.split(";")[0]?.trim().toLowerCase() ?? "";

/** Header values are ASCII; other names come percent-encoded. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
