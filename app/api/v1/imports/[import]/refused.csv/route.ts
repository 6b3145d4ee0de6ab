import { apiContext } from "@/lib/auth/context";
import { newId } from "@/lib/core/ids";
import { problemResponse } from "@/lib/http/problem";
import { refusedCsv } from "@/lib/imports/refused";

/** The refused rows of an import with their reasons, as CSV. */
export async function GET(request: Request, { params }: { params: Promise<{ import: string }> }): Promise<Response> {
  const requestId = newId();
  try {
    return await refusedCsv(await apiContext(request, requestId), (await params).import);
  } catch (error) {
    return problemResponse(error, requestId);
  }
}
