import { pageContext } from "@/lib/auth/context";
import { type Cell, csvPages, csvStream } from "@/lib/http/csv";
import { problemResponse } from "@/lib/http/problem";
import { type AdoptionRow, adoptionList } from "@/lib/patterns/adoption-queries";

const head = [
  "key",
  "name",
  "tier",
  "stage",
  "unit",
  "owner",
  "standing",
  "pattern",
  "version",
  "digest",
  "drift",
  "versions_behind",
  "open_deviations",
  "decided_deviations",
  "missing",
  "pinned_at",
];

export async function GET(request: Request): Promise<Response> {
  const ctx = await pageContext();
  const filters = Object.fromEntries(
    [...new URL(request.url).searchParams].filter(
      ([key, value]) =>
        value !== "" && ["of", "pattern", "standing", "drift", "deviation", "unit", "tier"].includes(key),
    ),
  );
  try {
    const page = (after?: string) => adoptionList(ctx, { ...filters, limit: 200, ...(after ? { after } : {}) });
    return csvStream(
      "adoption.csv",
      head,
      csvPages(await page(), page, ({ items }) => items.map(rowOf)),
    );
  } catch (error) {
    return problemResponse(error, ctx.requestId);
  }
}

const rowOf = (r: AdoptionRow): Cell[] => [
  r.key,
  r.name,
  r.tier,
  r.stage,
  r.unit,
  r.owner,
  r.standing,
  r.pattern,
  r.version,
  r.digest,
  r.drift,
  r.behind,
  r.open,
  r.decided,
  r.missing,
  r.adoptedAt === null ? null : new Date(r.adoptedAt).toISOString(),
];
