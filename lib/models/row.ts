import type { LegalClass, ModelKind, Platform, ServingType, Stage } from "./model";

/** How far a model's readiness checklist is met, as last assessed. Waived is apart from passed. */
export type ReadinessCount = { pass: number; fail: number; unknown: number; waived: number; total: number };

/** A model as a list shows it. Null is "nobody said yet", never zero. */
export type ModelRow = {
  id: string;
  name: string;
  description: string;
  kind: ModelKind | null;
  method: string;
  servingType: ServingType | null;
  platform: Platform;
  stage: Stage;
  tier: number | null;
  tierProvisional: boolean;
  tierDriver: string | null;
  legalClass: LegalClass | null;
  team: string;
  businessUnit: { slug: string; name: string } | null;
  owner: { id: string; name: string; email: string } | null;
  /** E-mail address of the deputy. */
  backupOwner: string | null;
  /** Reference of the main use case. */
  useCase: string | null;
  sourceUrl: string | null;
  /** Name of the connection that brought it; null when it was entered by hand. */
  source: string | null;
  readiness: ReadinessCount | null;
  lastReleaseAt: string | null;
  gate: { decision: "allow" | "deny" | "unknown"; reasons: number } | null;
  vanishedAt: string | null;
  revision: number;
};

/** A row as PostgreSQL gives it; instants are text. A type alias, because `execute` wants an index signature. */
export type RawModelRow = {
  id: string;
  name: string;
  description: string;
  kind: ModelKind | null;
  method: string;
  serving_type: ServingType | null;
  platform: Platform;
  stage: Stage;
  tier: number | null;
  tier_provisional: boolean;
  tier_driver: string | null;
  legal_class: LegalClass | null;
  team: string;
  readiness_pass: number | null;
  readiness_fail: number | null;
  readiness_unknown: number | null;
  readiness_waived: number | null;
  readiness_total: number | null;
  last_release_at: string | null;
  gate_decision: "allow" | "deny" | "unknown" | null;
  gate_reasons: number | null;
  vanished_at: string | null;
  revision: number;
  sort_key: string;
  unit_slug: string | null;
  unit_name: string | null;
  owner_id: string | null;
  owner_name: string | null;
  owner_email: string | null;
  backup_email: string | null;
  use_case_ref: string | null;
  source_url: string | null;
  source_name: string | null;
  total: string | null;
};

const iso = (at: string | null): string | null => (at === null ? null : new Date(at).toISOString());

export function modelRow(r: RawModelRow): ModelRow {
  return {
    id: r.id,
    name: r.name,
    description: r.description,
    kind: r.kind,
    method: r.method,
    servingType: r.serving_type,
    platform: r.platform,
    stage: r.stage,
    tier: r.tier,
    tierProvisional: r.tier_provisional,
    tierDriver: r.tier_driver,
    legalClass: r.legal_class,
    team: r.team,
    businessUnit: r.unit_slug && r.unit_name ? { slug: r.unit_slug, name: r.unit_name } : null,
    owner: r.owner_id && r.owner_name ? { id: r.owner_id, name: r.owner_name, email: r.owner_email ?? "" } : null,
    backupOwner: r.backup_email,
    useCase: r.use_case_ref,
    sourceUrl: r.source_url,
    source: r.source_name,
    readiness:
      r.readiness_total === null
        ? null
        : {
            pass: r.readiness_pass ?? 0,
            fail: r.readiness_fail ?? 0,
            unknown: r.readiness_unknown ?? 0,
            waived: r.readiness_waived ?? 0,
            total: r.readiness_total,
          },
    lastReleaseAt: iso(r.last_release_at),
    gate: r.gate_decision ? { decision: r.gate_decision, reasons: r.gate_reasons ?? 0 } : null,
    vanishedAt: iso(r.vanished_at),
    revision: r.revision,
  };
}
