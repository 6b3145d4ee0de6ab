import { database } from "@/db/client";
import { receiveHook } from "@/lib/connections/webhook";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { problemResponse } from "@/lib/http/problem";

const maxBody = 256 * 1024;

/** A registry says that something changed. The signature over the bytes as they came is the only authority. */
export async function POST(
  request: Request,
  { params }: { params: Promise<{ connection: string }> },
): Promise<Response> {
  const requestId = newId();
  try {
    const { connection } = await params;
    if (!/^[0-9a-f-]{36}$/.test(connection)) throw new Refusal("not_found", "This portal expects no webhooks here.");
    const raw = await bounded(request);
    const header = (name: string) => request.headers.get(name);
    const taken = await receiveHook({ db: database().db, now: () => new Date(), requestId }, connection, {
      id: header("x-mlflow-delivery-id"),
      timestamp: header("x-mlflow-timestamp"),
      signature: header("x-mlflow-signature"),
      raw,
    });
    return Response.json(taken, { status: 202, headers: { "x-request-id": requestId } });
  } catch (error) {
    return problemResponse(error, requestId);
  }
}

async function bounded(request: Request): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request.body ?? []) {
    size += part.length;
    if (size > maxBody) throw new Refusal("too_large", "A webhook's body has at most 256 KiB.");
    parts.push(Buffer.from(part));
  }
  return Buffer.concat(parts);
}
