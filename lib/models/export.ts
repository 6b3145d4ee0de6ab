import "server-only";
import type { Ctx } from "@/lib/core/command";
import { command } from "@/lib/core/command";
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

/** A value as CSV (RFC 4180). Text that a spreadsheet would run as a formula gets an apostrophe before it. */
export function csvCell(value: string | number | null): string {
  if (value === null) return "";
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The models that match, as CSV in steps of 1000 rows. The first step fails before anything is sent. */
export async function modelCsv(ctx: Ctx, raw: unknown): Promise<ReadableStream<Uint8Array>> {
  const { order, ...filter } = (await noteExport(ctx, raw)) as ReturnType<typeof modelExportInput.parse>;
  const pages = everyModel(ctx.db, filter, order, ctx.actor);
  const encoder = new TextEncoder();
  return new ReadableStream({
    start: (controller) => controller.enqueue(encoder.encode(`${columns.map(([name]) => name).join(",")}\r\n`)),
    pull: async (controller) => {
      const step = await pages.next();
      if (step.done) return controller.close();
      const lines = step.value.map((m) => columns.map(([, of]) => csvCell(of(m))).join(","));
      controller.enqueue(encoder.encode(`${lines.join("\r\n")}\r\n`));
    },
    cancel: async () => {
      await pages.return(undefined);
    },
  });
}
