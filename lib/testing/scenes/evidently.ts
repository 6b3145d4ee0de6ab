import { startFakeEvidently } from "@/lib/testing/fakes/evidently";
import { type SourceScene, sceneModel, sceneNow } from "@/lib/testing/source-scene";

const day = 86_400_000;

export const evidentlyScene: SourceScene = {
  start: () => {
    const now = sceneNow.getTime();
    const report = (id: string, days: number, tags: string[], named: string | null, project = "p1") => ({
      project,
      id,
      at: now - days * day,
      tags,
      model: named,
    });
    return startFakeEvidently({
      projects: [
        { id: "p1", name: "Fraud drift" },
        { id: "p2", name: "Trial" },
        { id: "p3", name: "Broken", bad: true },
      ],
      reports: [
        report("r3", 3, [], null),
        report("r1", 1, [], sceneModel),
        report("r2", 2, ["weekly"], null),
        report("c1", 4, ["concept"], null),
        report("t1", 90, [], null, "p2"),
      ],
    });
  },
  auth: "secret",
  secret: "s3cret",
  denied: /snapshots/,
  missing: "read access to the project",
  told: {
    "drift.data_monitor_at": "2026-11-19T09:00:00.000Z",
    "drift.data_cadence_hours": 24,
    "drift.concept_monitor_at": "2026-11-16T09:00:00.000Z",
  },
  unmatched: "Trial",
  decides: { item: "drf-1" },
};
