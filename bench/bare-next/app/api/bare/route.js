/** The reference: Next with nothing around it; one route and one page, built and served beside the portal in the same run. */
export const dynamic = "force-dynamic";

export function GET() {
  return Response.json({ status: "live" });
}
