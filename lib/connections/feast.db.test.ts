import { expect, test } from "vitest";
import { models } from "@/db/schema/models";
import { systemActor } from "@/lib/core/actor";
import { newId } from "@/lib/core/ids";
import { adrChecksOf } from "@/lib/decision-checks/reads";
import { acceptAdr } from "@/lib/decisions/judge";
import { proposeAdr } from "@/lib/decisions/write";
import { jobHandlers } from "@/lib/jobs/registry";
import { testDatabase } from "@/lib/testing/database";
import { startFakeFeast } from "@/lib/testing/fakes/feast";
import { testOrg } from "@/lib/testing/org";
import { sceneModel, sceneNow } from "@/lib/testing/source-scene";
import { createConnection } from "./create";
import { syncRegistry } from "./sync";

const record = `# Serve features from the store

## Context and Problem Statement
Why.

## Decision Outcome
This.

### Confirmation

\`\`\`checks
- id: fresh
  title: No feature view is older than it may be
  scope: name == '${sceneModel}'
  check: features.views_stale == 0.0 && features.online
\`\`\`
`;

/** No readiness item asks for the age of features; decisions do. */
test("the age of features decides what a decision expects: unknown, held while they are fresh, broken when they age", async () => {
  const t = await testDatabase();
  const hour = 3_600_000;
  const start = sceneNow.getTime();
  const views = [
    { name: "card_spend", owner: "mara@example.com", online: true, ttl: 86_400, materialized: [start - 2 * hour] },
  ];
  const fake = await startFakeFeast({
    project: "bank",
    services: [{ name: "fraud", owner: "", tags: { "countersign-model": sceneModel }, views: ["card_spend"] }],
    views,
  });
  try {
    const org = await testOrg(t.db);
    org.now.at = sceneNow;
    const admin = await org.person("Ada Admin", "admin");
    const author = await org.person("Una Architect", "architect");
    const other = await org.person("Otto Architect", "architect");
    await t.db.insert(models).values({
      id: newId(),
      name: sceneModel,
      platform: "mlflow",
      stage: "review",
      createdAt: sceneNow,
      updatedAt: sceneNow,
    });
    const { id: connectionId } = await createConnection(admin, {
      name: "Feast",
      system: "feast",
      baseUrl: fake.url,
      auth: "bearer",
      secret: "feast-token",
      settings: { project: "bank" },
      import: true,
    });
    const adr = await proposeAdr(author, { content: record });
    await acceptAdr(other, { ref: adr.ref, digest: adr.digest });
    const state = async () => {
      const ctx = { db: t.db, actor: systemActor, now: () => org.now.at, requestId: newId() };
      await jobHandlers["decisions.check"]?.(ctx, {});
      return (await adrChecksOf(author, { ref: adr.ref })).items[0]?.state;
    };
    const read = async (hours: number) => {
      org.now.at = new Date(start + hours * hour);
      const ctx = { db: t.db, actor: systemActor, now: () => org.now.at, requestId: newId() };
      await syncRegistry(ctx, { connectionId, trigger: "manual" });
      return state();
    };
    expect(await state()).toBe("unknown");
    expect(await read(0)).toBe("holds");
    expect(await read(24)).toBe("broken");
    views[0]?.materialized.push(start + 23 * hour);
    expect(await read(25)).toBe("holds");
  } finally {
    await fake.close();
    await t.drop();
  }
});
