import { type PagerDutyScene, startFakePagerDuty } from "@/lib/testing/fakes/pagerduty";
import { type SourceScene, sceneModel, sceneNow } from "@/lib/testing/source-scene";

const day = 86_400_000;

export const pagerDutyScene: SourceScene = {
  start: () => {
    const now = sceneNow.getTime();
    const scene: PagerDutyScene = {
      services: [
        { id: "P1", name: "Fraud scoring", description: `Scores.\nCountersign-Model: ${sceneModel}\n`, policy: "E1" },
        { id: "P2", name: "Old gateway", description: "", policy: null },
        { id: "P3", name: "", description: "", policy: null, bad: true },
      ],
      oncalls: [
        { policy: "E1", level: 1, start: now - day, end: now + 7 * day },
        { policy: "E1", level: 1, start: now + 7 * day, end: now + 20 * day },
        { policy: "E1", level: 2, start: null, end: null },
      ],
      incidents: [
        { id: "I1", service: "P1", created: now - 5 * day, resolved: now - 5 * day + 30 * 60_000 },
        { id: "I2", service: "P1", created: now - 4 * day, resolved: now - 4 * day + 90 * 60_000 },
        { id: "I3", service: "P1", created: now - day, resolved: null },
        { id: "I4", service: "P1", created: now - 40 * day, resolved: null },
      ],
    };
    return startFakePagerDuty(scene);
  },
  auth: "key",
  secret: "u+key",
  denied: /oncalls/,
  missing: "oncalls.read",
  told: {
    "oncall.covered_days": 20,
    "oncall.escalation": true,
    "alerts.routed": true,
    "incident.count": 3,
    "incident.count_quarter": 4,
    "incident.open": 1,
    "incident.resolve_minutes": 60,
  },
  unmatched: "Old gateway",
};
