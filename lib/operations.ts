import "server-only";
import { acceptanceOperations } from "@/lib/acceptances/operations";
import { assetOperations } from "@/lib/assets/operations";
import { backlogOperations } from "@/lib/backlog/operations";
import { boardOperations } from "@/lib/board/operations";
import { bomOperations } from "@/lib/bom/operations";
import { breakGlassOperations } from "@/lib/break-glass/operations";
import { bundleOperations } from "@/lib/bundle/operations";
import { calendarOperations } from "@/lib/calendars/operations";
import { campaignOperations } from "@/lib/campaigns/operations";
import { cardOperations } from "@/lib/cards/operations";
import { connectionOperations } from "@/lib/connections/operations";
import { courseOperations } from "@/lib/courses/operations";
import { credentialOperations } from "@/lib/credentials/operations";
import { decisionCheckOperations } from "@/lib/decision-checks/operations";
import { decisionOperations } from "@/lib/decisions/operations";
import { evaluationOperations } from "@/lib/evaluations/operations";
import { evidenceOperations } from "@/lib/evidence/operations";
import { factOperations } from "@/lib/facts/operations";
import { freezeOperations } from "@/lib/freezes/operations";
import { guidanceOperations } from "@/lib/guidance/operations";
import { healthOperations } from "@/lib/health/operations";
import type { Operation } from "@/lib/http/dispatch";
import { importOperations } from "@/lib/imports/operations";
import { incidentReviewOperations } from "@/lib/incident-reviews/operations";
import { incidentOperations } from "@/lib/incidents/operations";
import { kpiOperations } from "@/lib/kpis/operations";
import { libraryOperations } from "@/lib/library/operations";
import { lineageOperations } from "@/lib/lineage/operations";
import { logOperations } from "@/lib/log/operations";
import { maturityOperations } from "@/lib/maturity/operations";
import { meetingOperations } from "@/lib/meetings/operations";
import { modelOperations } from "@/lib/models/operations";
import { notificationOperations } from "@/lib/notifications/operations";
import { officeHourOperations } from "@/lib/office-hours/operations";
import { patternOperations } from "@/lib/patterns/operations";
import { peopleOperations } from "@/lib/people/operations";
import { queueOperations } from "@/lib/queue/operations";
import { readinessOperations } from "@/lib/readiness/operations";
import { reconciliationOperations } from "@/lib/reconciliation/operations";
import { registerOperations } from "@/lib/registers/operations";
import { releaseOperations } from "@/lib/releases/operations";
import { resultOperations } from "@/lib/results/operations";
import { reviewOperations } from "@/lib/reviews/operations";
import { riskOperations } from "@/lib/risk/operations";
import { roadmapOperations } from "@/lib/roadmap/operations";
import { scanOperations } from "@/lib/scans/operations";
import { searchOperations } from "@/lib/search/operations";
import { sessionOperations } from "@/lib/sessions/operations";
import { sourceOperations } from "@/lib/sources/operations";
import { teamOperations } from "@/lib/teams/operations";
import { tokenOperations } from "@/lib/tokens/operations";
import { unitOperations } from "@/lib/units/operations";
import { useCaseOperations } from "@/lib/use-cases/operations";
import { validationOperations } from "@/lib/validations/operations";
import { viewOperations } from "@/lib/views/operations";

/** Every operation of the portal. REST, OpenAPI, MCP and the docs page of operations derive from this list. */
export const operations: readonly Operation[] = [
  ...unitOperations,
  ...calendarOperations,
  ...teamOperations,
  ...maturityOperations,
  ...queueOperations,
  ...notificationOperations,
  ...searchOperations,
  ...peopleOperations,
  ...sessionOperations,
  ...sourceOperations,
  ...resultOperations,
  ...scanOperations,
  ...validationOperations,
  ...tokenOperations,
  ...kpiOperations,
  ...decisionOperations,
  ...decisionCheckOperations,
  ...reviewOperations,
  ...acceptanceOperations,
  ...registerOperations,
  ...backlogOperations,
  ...boardOperations,
  ...meetingOperations,
  ...modelOperations,
  ...reconciliationOperations,
  ...campaignOperations,
  ...useCaseOperations,
  ...assetOperations,
  ...viewOperations,
  ...bomOperations,
  ...cardOperations,
  ...importOperations,
  ...incidentOperations,
  ...incidentReviewOperations,
  ...connectionOperations,
  ...lineageOperations,
  ...logOperations,
  ...bundleOperations,
  ...releaseOperations,
  ...breakGlassOperations,
  ...freezeOperations,
  ...credentialOperations,
  ...courseOperations,
  ...evaluationOperations,
  ...evidenceOperations,
  ...factOperations,
  ...patternOperations,
  ...readinessOperations,
  ...riskOperations,
  ...guidanceOperations,
  ...roadmapOperations,
  ...officeHourOperations,
  ...libraryOperations,
  ...healthOperations,
];
