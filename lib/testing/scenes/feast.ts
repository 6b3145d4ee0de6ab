import { type FeastScene, startFakeFeast } from "@/lib/testing/fakes/feast";
import { type SourceScene, sceneModel, sceneNow } from "@/lib/testing/source-scene";

const hour = 3_600_000;
const now = sceneNow.getTime();
const view = (name: string, hours: number | null, more: Partial<FeastScene["views"][number]> = {}) => ({
  name,
  owner: "mara@example.com",
  online: true,
  ttl: 86_400,
  materialized: hours === null ? [] : [now - (hours + 24) * hour, now - hours * hour],
  ...more,
});
const service = (name: string, views: string[], tags: Record<string, string> = {}) => ({
  name,
  owner: "mara@example.com",
  tags,
  views,
});

const registry = (): FeastScene => ({
  project: "bank",
  services: [
    service("fraud_v2", ["card_spend", "merchant_risk", "on_demand_ratio"], { "countersign-model": sceneModel }),
    service("trial", ["somebody_elses"]),
    { ...service("", []), bad: true },
  ],
  views: [
    view("card_spend", 2),
    view("merchant_risk", 30, { owner: "" }),
    view("somebody_elses", null),
    view("offline_only", 900, { online: false }),
  ],
});

export const feastScene: SourceScene = {
  start: () => startFakeFeast(registry()),
  auth: "bearer",
  secret: "feast-token",
  settings: { project: "bank" },
  denied: /feature_views/,
  missing: "DESCRIBE on feature views",
  told: {
    "features.views": 2,
    "features.owned": false,
    "features.online": true,
    "features.materialized_at": "2026-11-19T03:00:00.000Z",
    "features.views_stale": 1,
  },
  unmatched: "trial",
  hostile: {
    start: () => {
      const scene = registry();
      // Materialised up to next year; and of ten views two are garbled.
      scene.views = [
        view("card_spend", -365 * 24),
        view("merchant_risk", 2),
        ...Array.from({ length: 8 }, (_, i) => view(`other_${i}`, 2, { bad: i % 4 === 0 })),
      ];
      return startFakeFeast(scene);
    },
    told: { "features.views": 2, "features.online": true },
    skipped: 2,
    future: "features.materialized_at",
    untold: ["features.views_stale"],
    fixed: true,
  },
};
