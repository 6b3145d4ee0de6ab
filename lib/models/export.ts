import "server-only";
import type { Ctx } from "@/lib/core/command";
import { command } from "@/lib/core/command";
import { type Cell, csvStream } from "@/lib/http/csv";
import { everyModel } from "./list";
import { modelExportInput } from "./list-input";
import type { ModelRow } from "./row";
import { mayRead } from "./visible";

/** Notes that someone takes the list out of the portal; the rows follow from `modelCsv`. */
export const noteExport = command({
  name: "models.exported",
  title: "Export models",
  http: null,
  input: modelExportInput,
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

const columns: readonly [string, (m: ModelRow) => string | number | null][] = [
  ["name", (m) => m.name],
  ["description", (m) => m.description],
  ["business_unit", (m) => m.businessUnit?.name ?? null],
  ["owner", (m) => m.owner?.name ?? null],
  ["team", (m) => m.team],
  ["tier", (m) => m.tier],
  ["tier_driver", (m) => m.tierDriver],
  ["legal_class", (m) => m.legalClass],
  ["kind", (m) => m.kind],
  ["method", (m) => m.method],
  ["serving", (m) => m.servingType],
  ["platform", (m) => m.platform],
  ["stage", (m) => m.stage],
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

/** The models that match, as CSV in steps of 1000 rows, of any length. */
export async function modelCsv(ctx: Ctx, raw: unknown): Promise<Response> {
  const { order, ...filter } = (await noteExport(ctx, raw)) as ReturnType<typeof modelExportInput.parse>;
  return csvStream(
    `models-${ctx.now().toISOString().slice(0, 10)}.csv`,
    columns.map(([name]) => name),
    steps(everyModel(ctx.db, filter, order, ctx.actor)),
  );
}

async function* steps(pages: AsyncIterable<readonly ModelRow[]>): AsyncGenerator<Cell[][]> {
  for await (const page of pages) yield page.map((m) => columns.map(([, of]) => of(m)));
}
