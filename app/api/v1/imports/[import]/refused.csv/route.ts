import { apiRoute } from "@/lib/http/api-route";
import { refusedCsv } from "@/lib/imports/refused";

/** The refused rows of an import with their reasons, as CSV. */
export const GET = apiRoute<{ import: string }>(async ({ params, asker }) => refusedCsv(await asker(), params.import));
