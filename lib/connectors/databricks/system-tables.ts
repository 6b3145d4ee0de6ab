import "server-only";
import { z } from "zod";
import type { HttpClient } from "@/lib/connectors/http";
import type { BadRecord, SeenServing } from "@/lib/connectors/registry";
import { sift } from "@/lib/connectors/sift";
import { clean, clip, rawOf } from "@/lib/connectors/text";
import { runStatement, type StatementLimits } from "./statements";

/**
 * What serves now, in all workspaces of the metastore's region: `system.serving.served_entities` keeps every configuration that an
 * endpoint ever had, so the warehouse picks the last one of each that stands, and only that comes home.
 */
const servedNow = `
SELECT workspace_id, endpoint_name, served_entity_id, served_entity_name, entity_name, entity_version, change_time
FROM (
  SELECT s.*,
    RANK() OVER (PARTITION BY workspace_id, endpoint_id ORDER BY endpoint_config_version DESC) AS age,
    MAX(endpoint_delete_time) OVER (PARTITION BY workspace_id, endpoint_id) AS deleted
  FROM system.serving.served_entities s
) t
WHERE age = 1 AND deleted IS NULL AND entity_type = :entity_type AND entity_version IS NOT NULL
ORDER BY workspace_id, endpoint_name, served_entity_name`;

const row = z.looseObject({
  workspace_id: z.union([z.string(), z.number()]).transform(String),
  endpoint_name: z.string().min(1),
  served_entity_id: z.string().min(1),
  served_entity_name: z.string().min(1),
  entity_name: z.string().min(1),
  entity_version: z.union([z.string().min(1), z.number()]).transform(String),
  change_time: z.string().min(1),
});

/** Versions of Unity Catalog's models that endpoints serve, from the system tables. */
export async function servedEntities(
  http: HttpClient,
  warehouse: string,
  limits: Partial<StatementLimits> = {},
): Promise<{ serving: SeenServing[]; bad: BadRecord[] }> {
  const rows = await runStatement(
    http,
    {
      warehouse,
      statement: servedNow,
      parameters: [{ name: "entity_type", value: "CUSTOM_MODEL", type: "STRING" }],
      permission: "SELECT on system.serving.served_entities",
    },
    limits,
  );
  const { good, bad } = sift("serving", row, rows, ["workspace_id", "served_entity_id"]);
  return {
    serving: good.map(({ value, raw }) => ({
      id: clip(`${value.workspace_id}/${value.endpoint_name}/${value.served_entity_name}`, 500),
      endpoint: clean(value.endpoint_name),
      kind: "endpoint" as const,
      region: null,
      model: clean(value.entity_name),
      version: clean(value.entity_version),
      traffic: null,
      state: "SERVED",
      url: null,
      changedAt: instantOf(value.change_time),
      raw: rawOf(raw),
    })),
    bad,
  };
}

/** System tables say UTC, with or without a zone. */
function instantOf(text: string): string | null {
  const at = Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text.replace(" ", "T")}Z`);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}
