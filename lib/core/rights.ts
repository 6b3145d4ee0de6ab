/**
 * Who may do what: the one table. Rules (mayX) ask it; pages, REST, tokens and docs follow from it.
 * Separation of duties is not here but in the rules of each noun, because it depends on the subject.
 */
export const rights = [
  "inventory:read",
  "inventory:write",
  "inventory:claim",
  "risk:assess",
  "risk:override",
  "decisions:read",
  "decisions:write",
  "decisions:accept",
  "patterns:adopt",
  "readiness:attest",
  "readiness:waive",
  "reviews:read",
  "reviews:submit",
  "reviews:comment",
  "reviews:vote",
  "reviews:decide",
  "conditions:answer",
  "conditions:accept",
  "releases:read",
  "releases:request",
  "releases:approve",
  "gate:check",
  "facts:push",
  "incidents:report",
  "deployments:report",
  "kpis:read",
  "evidence:read",
  "log:read",
  "log:export",
  "campaigns:run",
  "connections:read",
  "connections:manage",
  "people:manage",
  "tokens:manage",
] as const;
export type Right = (typeof rights)[number];

export const roles = [
  "viewer",
  "contributor",
  "architect",
  "board_member",
  "board_chair",
  "security",
  "privacy",
  "model_risk",
  "compliance",
  "auditor",
  "executive",
  "admin",
  "service",
  "agent",
] as const;
export type Role = (typeof roles)[number];

/** The word for a role on screen and in statements. */
export const roleName: Record<Role, string> = {
  viewer: "Viewer",
  contributor: "Model owner",
  architect: "ML architect",
  board_member: "Board member",
  board_chair: "ARB chair",
  security: "Security",
  privacy: "Privacy",
  model_risk: "Model risk",
  compliance: "Compliance",
  auditor: "Auditor",
  executive: "Leadership",
  admin: "Administrator",
  service: "Service",
  agent: "Agent",
};

const look: readonly Right[] = [
  "inventory:read",
  "decisions:read",
  "reviews:read",
  "releases:read",
  "kpis:read",
  "log:read",
];
const reviewer: readonly Right[] = [
  ...look,
  "evidence:read",
  "decisions:write",
  "reviews:comment",
  "reviews:vote",
  "releases:approve",
];

/** Role to rights. A right held through a role granted in one business unit reaches only that unit and below. */
export const rightsOf: Record<Role, readonly Right[]> = {
  viewer: look,
  contributor: [
    ...look,
    "evidence:read",
    "inventory:write",
    "inventory:claim",
    "risk:assess",
    "decisions:write",
    "patterns:adopt",
    "readiness:attest",
    "reviews:submit",
    "reviews:comment",
    "conditions:answer",
    "releases:request",
    "releases:approve",
    "gate:check",
    "incidents:report",
  ],
  architect: [
    ...reviewer,
    "inventory:write",
    "inventory:claim",
    "decisions:accept",
    "incidents:report",
    "gate:check",
    "campaigns:run",
  ],
  board_member: reviewer,
  board_chair: [...reviewer, "reviews:decide", "conditions:accept", "decisions:accept", "readiness:waive"],
  security: [...reviewer, "incidents:report"],
  privacy: reviewer,
  model_risk: [...reviewer, "readiness:waive", "risk:override", "campaigns:run"],
  compliance: [
    ...look,
    "evidence:read",
    "reviews:comment",
    "reviews:vote",
    "log:export",
    "releases:approve",
    "campaigns:run",
  ],
  auditor: [...look, "evidence:read", "log:export"],
  executive: look,
  // Configures the portal; takes part in no decision.
  admin: [
    ...look,
    "inventory:write",
    "connections:read",
    "connections:manage",
    "people:manage",
    "tokens:manage",
    "log:export",
  ],
  service: [...look, "gate:check", "facts:push", "incidents:report", "deployments:report", "releases:request"],
  // Agents draft; only people decide and sign.
  agent: ["inventory:read", "decisions:read", "decisions:write", "reviews:read", "releases:read"],
};
