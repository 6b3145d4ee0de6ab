import type { Hit, HitKind } from "./search";

const pages: readonly (readonly [title: string, href: string, also: string])[] = [
  ["Home", "/", "queue tasks mine"],
  ["Whole board", "/?view=board", "queue board"],
  ["Portfolio", "/portfolio", "value"],
  ["Use cases", "/portfolio/use-cases", "purpose sponsor value eu ai act"],
  ["Assets", "/portfolio/assets", "datasets features pipelines data class"],
  ["Business units", "/admin/units", "organisation tree teams"],
  ["Models", "/models", "inventory list"],
  ["Ownership campaigns", "/campaigns", "attestation owners confirm"],
  ["Calibration", "/portfolio/calibration", "tier weights risk replay"],
  ["Reconciliation", "/reconciliation", "differences shadow duplicates vanished renamed bypass"],
  ["Models without an owner", "/reconciliation?kind=unclaimed,ownerless", "unclaimed claim assign shadow"],
  ["Decisions", "/decisions", "adr records architecture"],
  ["Patterns", "/patterns", "reference architecture"],
  ["Guidance", "/guidance", "standards playbooks runbooks"],
  ["Target state and roadmap", "/guidance/target-state", "blueprint phases strategy"],
  ["Build or buy", "/guidance/evaluations", "evaluation weighted criteria vendor"],
  ["Courses", "/guidance/courses", "enablement training completion"],
  ["Templates", "/guidance/templates", "golden path repository scaffold zip"],
  ["Readiness", "/readiness", "checklists checks"],
  ["Reviews", "/reviews", "arb board"],
  ["Releases", "/releases", "gate approvals sign"],
  ["How a pipeline asks the gate", "/releases/pipelines", "ci cd github gitlab azure jenkins argo kubernetes template"],
  ["Lineage", "/lineage", "graph datasets"],
  ["KPIs", "/kpis", "numbers metrics scorecard"],
  ["Evidence", "/evidence", "files attestations"],
  ["Log", "/log", "audit transparency history"],
  ["Connections", "/admin/connections", "mlflow registry admin"],
  ["People", "/admin/people", "roles admin"],
  ["API tokens", "/admin/tokens", "admin ci"],
  ["Health", "/admin/health", "jobs admin status"],
  ["Vocabulary", "/vocabulary", "states statuses design"],
];

/** Pages of the portal by title or by a word for them; all of them when nothing is asked. */
export function pagesFor(text: string, kinds: readonly HitKind[] | null): Hit[] {
  if (kinds !== null && !kinds.includes("page")) return [];
  const want = text.toLowerCase();
  return pages
    .filter(([title, , also]) => title.toLowerCase().includes(want) || (want.length >= 3 && also.includes(want)))
    .map(([title, href]) => ({ kind: "page" as const, ref: href, title, detail: href, href }));
}
