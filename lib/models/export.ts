import "server-only";
import { z } from "zod";
import { inPast, parseAsOf } from "@/lib/core/as-of";
import type { Ctx } from "@/lib/core/command";
import { command } from "@/lib/core/command";
import { type Cell, csvStream } from "@/lib/http/csv";
import { everyModel, type ModelFilter } from "./list";
import { type ModelOrder, modelExportInput } from "./list-input";
import type { ModelRow } from "./row";
import { mayRead } from "./visible";

/** Notes that someone takes the list out of the portal; the rows follow from `modelCsv`. */
export const noteExport = command({
  name: "models.exported",
  title: "Export models",
  http: null,
  input: z.strictObject({ ...modelExportInput.shape, asof: z.string().max(40).optional() }),
  load: async () => null,
  may: (actor) => mayRead(actor),
  run: async (_tx, { input, actor }) => ({
    result: input,
    entry: {
      subject: { kind: "export", id: actor.id, ref: "models" },
      summary: "exported the list of models",
      body: { ...input },
    },
  }),
});

/** What an import reads, by its own names, and what the portal works out beside it (lib/imports). */
const columns: readonly [string, (m: ModelRow) => string | number | null][] = [
  ["name", (m) => m.name],
  ["description", (m) => m.description],
  ["business_unit", (m) => m.businessUnit?.slug ?? null],
  ["business_unit_name", (m) => m.businessUnit?.name ?? null],
  ["owner", (m) => m.owner?.email ?? null],
  ["owner_name", (m) => m.owner?.name ?? null],
  ["backup_owner", (m) => m.backupOwner],
  ["team", (m) => m.team],
  ["tier", (m) => m.tier],
  ["tier_driver", (m) => m.tierDriver],
  ["legal_class", (m) => m.legalClass],
  ["kind", (m) => m.kind],
  ["method", (m) => m.method],
  ["serving", (m) => m.servingType],
  ["platform", (m) => m.platform],
  ["stage", (m) => m.stage],
  ["use_case", (m) => m.useCase],
  ["source_url", (m) => m.sourceUrl],
  ["source", (m) => m.source],
  ["readiness_pass", (m) => m.readiness?.pass ?? null],
  ["readiness_fail", (m) => m.readiness?.fail ?? null],
  ["readiness_unknown", (m) => m.readiness?.unknown ?? null],
  ["readiness_waived", (m) => m.readiness?.waived ?? null],
  ["readiness_total", (m) => m.readiness?.total ?? null],
  ["last_release", (m) => m.lastReleaseAt],
  ["gate", (m) => m.gate?.decision ?? null],
  ["gate_reasons", (m) => m.gate?.reasons ?? null],
  ["vanished", (m) => m.vanishedAt],
];

/** The models that match, now or as of the past (`asof`), as CSV; of today in steps of 1000 rows, of any length. */
export async function modelCsv(ctx: Ctx, raw: unknown): Promise<Response> {
  const { order, asof, ...filter } = await noteExport(ctx, raw);
  const at = parseAsOf(asof, ctx.now());
  const day = (at ?? ctx.now()).toISOString().slice(0, 10);
  return csvStream(
    `models-${day}.csv`,
    columns.map(([name]) => name),
    steps(at ? await modelsThen(ctx, at, filter, order) : everyModel(ctx.db, filter, order, ctx.actor)),
  );
}

/** The past is read in one transaction, which must not stay open for as long as someone downloads. */
async function modelsThen(
  ctx: Ctx,
  at: Date,
  filter: ModelFilter,
  order: ModelOrder,
): Promise<AsyncIterable<ModelRow[]>> {
  const pages: ModelRow[][] = [];
  await inPast(ctx.db, at, async (read) => {
    for await (const page of everyModel(read, filter, order, ctx.actor)) pages.push(page);
  });
  return (async function* () {
    yield* pages;
  })();
}

async function* steps(pages: AsyncIterable<readonly ModelRow[]>): AsyncGenerator<Cell[][]> {
  for await (const page of pages) yield page.map((m) => columns.map(([, of]) => of(m)));
}
