import "server-only";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Tx } from "@/db/client";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { loadPushed, mayPush, type Pushed, writePushed } from "@/lib/facts/pushed";
import { criticalDays, formats, maxFindings, scanAddress, secretScanners, severities } from "./scan";

const scan = z.strictObject({
  tool: z.string().min(1).max(250),
  scannedAt: z.date().nullable(),
  findings: z
    .array(
      z.strictObject({
        fingerprint: z.string().length(64),
        rule: z.string().max(250),
        severity: z.enum(severities),
        title: z.string().max(500),
        location: z.string().max(500).nullable(),
        closed: z.enum(["suppressed", "not_affected", "fixed"]).nullable(),
      }),
    )
    .max(maxFindings),
});
type RecordedScan = z.output<typeof scan>;

/** Records what scanners found about a model. The upload route is its only door. */
export const recordScans = command({
  name: "scan.recorded",
  title: "Record what a scanner found",
  http: null,
  input: scanAddress.extend({
    format: z.enum(formats),
    sha256: z.string().length(64),
    scans: z.array(scan).min(1).max(50),
  }),
  load: (tx, { model }, actor) => loadPushed(tx, [{ model }], actor),
  may: mayPush,
  run: async (tx, { input, subject, actor, now }) => {
    const [model] = subject.models;
    if (!model)
      throw new Refusal("not_found", `There is no model ${input.model} in the inventory.`, [
        { field: "model", message: "Not in the inventory." },
      ]);
    const done: { tool: string; open: number; opened: number; closed: number; late: boolean }[] = [];
    for (const one of input.scans) done.push(await recordOne(tx, model.id, one, input.sha256, now));
    const facts = await standing(tx, model, now);
    const { recorded, refresh } = await writePushed(tx, { facts, run: input.run ?? null, subject, actor, now });
    const result = {
      model: model.name,
      format: input.format,
      scans: done,
      facts: facts.map(({ key, value }) => ({ key, value })),
    };
    return {
      result,
      entry: {
        subject: { kind: "model", id: model.id, ref: model.name },
        modelId: model.id,
        summary: `uploaded a scan of ${model.name} by ${done
          .map((d) => d.tool)
          .join(", ")
          .slice(
            0,
            200,
          )}: ${done.reduce((n, d) => n + d.open, 0)} open, ${done.reduce((n, d) => n + d.closed, 0)} closed`,
        body: { ...result, sha256: input.sha256, run: input.run ?? null, recorded },
      },
      jobs: refresh,
    };
  },
});

/** Opens what is new or came back, closes what this tool finds no longer. A scan older than the newest by its tool changes nothing. */
async function recordOne(tx: Tx, modelId: string, one: RecordedScan, sha256: string, now: Date) {
  const at = one.scannedAt ?? now;
  if (at.getTime() > now.getTime() + 300_000)
    throw new Refusal(
      "invalid",
      `${one.tool} says it scanned at ${at.toISOString()}, which lies in the future. Check its clock.`,
    );
  const open = one.findings.filter((f) => f.closed === null).length;
  const { rows: newest } = await tx.execute(sql`
    insert into security_scan as s (model_id, tool, scanned_at, sha256, findings)
    values (${modelId}, ${one.tool}, ${at.toISOString()}::timestamptz, ${sha256}, ${one.findings.length})
    on conflict (model_id, tool) do update set scanned_at = excluded.scanned_at, sha256 = excluded.sha256, findings = excluded.findings
      where s.scanned_at <= excluded.scanned_at returning tool`);
  if (newest.length === 0) return { tool: one.tool, open, opened: 0, closed: 0, late: true };
  const { rows: before } = await tx.execute<{ n: number }>(
    sql`select count(*)::int as n from security_finding where model_id = ${modelId} and tool = ${one.tool} and closed_at is null`,
  );
  const rows = one.findings.map((f) => ({ ...f, id: newId() }));
  const { rows: seen } = await tx.execute<{ opened: boolean }>(sql`
    insert into security_finding as f (id, model_id, tool, fingerprint, rule, severity, title, location, first_seen_at, opened_at, last_seen_at, closed_at, closed_why)
    select x.id, ${modelId}, ${one.tool}, x.fingerprint, x.rule, x.severity, x.title, x.location, ${at.toISOString()}::timestamptz, ${at.toISOString()}::timestamptz,
      ${at.toISOString()}::timestamptz, case when x.closed is not null then ${at.toISOString()}::timestamptz end, x.closed
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(id uuid, fingerprint text, rule text, severity text, title text, location text, closed text)
    on conflict (model_id, tool, fingerprint) do update set rule = excluded.rule, severity = excluded.severity, title = excluded.title,
      location = excluded.location, last_seen_at = excluded.last_seen_at, closed_why = excluded.closed_why,
      opened_at = case when f.closed_at is not null and excluded.closed_at is null then excluded.opened_at else f.opened_at end,
      closed_at = case when excluded.closed_at is null then null else coalesce(f.closed_at, excluded.closed_at) end
    returning f.closed_at is null and f.opened_at = ${at.toISOString()}::timestamptz as opened`);
  await tx.execute(sql`
    update security_finding set closed_at = ${at.toISOString()}::timestamptz, closed_why = 'fixed'
    where model_id = ${modelId} and tool = ${one.tool} and closed_at is null and last_seen_at < ${at.toISOString()}::timestamptz`);
  const opened = seen.filter((s) => s.opened).length;
  return { tool: one.tool, open, opened, closed: Math.max(0, (before[0]?.n ?? 0) + opened - open), late: false };
}

/** The facts that all scans of a model stand for together. */
async function standing(tx: Tx, model: { id: string; name: string }, now: Date): Promise<Pushed[]> {
  const { rows } = await tx.execute<{
    critical: number;
    high: number;
    overdue: number;
    scanned: string;
    secret_tools: string[];
    tools: string[];
  }>(sql`
    select count(*) filter (where f.severity = 'critical')::int as critical, count(*) filter (where f.severity = 'high')::int as high,
      count(*) filter (where f.severity = 'critical' and f.opened_at < ${now.toISOString()}::timestamptz - make_interval(days => ${criticalDays}))::int as overdue,
      (select min(scanned_at) from security_scan s where s.model_id = ${model.id}) as scanned,
      coalesce(array_agg(f.tool) filter (where f.id is not null), '{}') as secret_tools,
      (select array_agg(tool order by tool) from security_scan s where s.model_id = ${model.id}) as tools
    from (select 1) one left join security_finding f on f.model_id = ${model.id} and f.closed_at is null`);
  const [row] = rows;
  if (!row) return [];
  const one = (key: string, value: Pushed["value"]): Pushed => ({
    model: model.name,
    key,
    value,
    detail: `scans by ${row.tools.join(", ")}`.slice(0, 2000),
  });
  return [
    // The tool that has not looked for longest decides how fresh the whole is.
    one("security.scanned_at", new Date(row.scanned).toISOString()),
    one("security.open_critical", row.critical),
    one("security.open_high", row.high),
    one("security.open_critical_overdue", row.overdue),
    ...(row.tools.some((t) => secretScanners.test(t))
      ? [one("security.secrets_found", row.secret_tools.filter((t) => secretScanners.test(t)).length)]
      : []),
  ];
}
