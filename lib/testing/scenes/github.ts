import { startFakeGithub } from "@/lib/testing/fakes/github";
import { type SourceScene, sceneModel, sceneNow } from "@/lib/testing/source-scene";

const day = 86_400_000;

export const githubScene: SourceScene = {
  start: () => {
    const now = sceneNow.getTime();
    const alert = (repository: string, number: number, severity: string, days: number) => ({
      repository,
      number,
      severity,
      created: now - days * day,
    });
    return startFakeGithub({
      organization: "acme",
      repositories: [
        { name: "fraud-scoring", model: sceneModel },
        { name: "old-gateway", model: null },
        { name: "", model: null, bad: true },
      ],
      code: [
        alert("fraud-scoring", 1, "critical", 10),
        alert("fraud-scoring", 2, "critical", 1),
        alert("old-gateway", 3, "critical", 90),
      ],
      dependabot: [alert("fraud-scoring", 1, "high", 3), alert("fraud-scoring", 4, "critical", 8)],
      secrets: null,
      deployments: [
        { repository: "fraud-scoring", id: 11, created: now - 40 * day, state: "success" },
        { repository: "fraud-scoring", id: 12, created: now - 2 * day, state: "success" },
        { repository: "fraud-scoring", id: 13, created: now - day, state: "failure" },
      ],
      analyses: [{ repository: "fraud-scoring", created: now - day }],
    });
  },
  auth: "token",
  secret: "github_pat_x",
  settings: { organization: "acme" },
  denied: /properties/,
  missing: "Custom properties: read",
  told: {
    "security.open_critical": 3,
    "security.open_critical_overdue": 2,
    "security.open_high": 1,
    "security.scanned_at": "2026-11-19T09:00:00.000Z",
    "delivery.deployments": 2,
    "delivery.deployed_at": "2026-11-18T09:01:00.000Z",
  },
  unmatched: "old-gateway",
};
