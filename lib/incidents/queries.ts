import "server-only";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { query } from "@/lib/core/query";
import { seenModels } from "@/lib/models/visible";
import type { Intervention } from "./incident";

export type IncidentRow = {
  ref: string;
  model: string;
  title: string;
  severity: number;
  startedAt: string;
  resolvedAt: string | null;
  cause: string;
  intervention: Intervention;
  version: string | null;
};

/** Incidents, newest first. */
export const incidentList = query({
  name: "incidents.listed",
  title: "List incidents",
  http: { method: "GET", path: "/incidents" },
  input: z.strictObject({
    model: z.string().max(256).optional(),
    open: z.enum(["true", "false"]).optional(),
    after: z
      .string()
      .regex(/^INC-\d+$/, "A reference as in INC-0001.")
      .optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  run: async (read, input, actor) => {
    const seen = seenModels(actor);
    const { rows } = await read.execute<IncidentRow>(sql`
      select i.ref, m.name as model, i.title, i.severity, to_char(i.started_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "startedAt",
        to_char(i.resolved_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "resolvedAt", i.cause, i.intervention, v.version
      from incident i join model m on m.id = i.model_id
      left join deployment d on d.id = i.deployment_id left join model_version v on v.id = d.version_id
      where ${seen}
        and ${input.model ? sql`m.name = ${input.model}` : sql`true`}
        and ${input.open === undefined ? sql`true` : input.open === "true" ? sql`i.resolved_at is null` : sql`i.resolved_at is not null`}
        and ${input.after ? sql`(i.started_at, i.ref) < (select started_at, ref from incident where ref = ${input.after})` : sql`true`}
      order by i.started_at desc, i.ref desc limit ${input.limit + 1}`);
    const page = rows.slice(0, input.limit);
    return { incidents: page, next: rows.length > input.limit ? (page.at(-1)?.ref ?? null) : null };
  },
});
