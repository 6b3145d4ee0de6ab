import { randomBytes } from "node:crypto";
import type { Db } from "@/db/client";
import { models, modelVersions } from "@/db/schema/models";
import { roleGrants } from "@/db/schema/org";
import type { Ctx } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { completeApproval } from "@/lib/releases/complete-approval";
import { prepareApproval } from "@/lib/releases/prepare-approval";
import { enrolTestPasskey, type TestPasskey } from "./enrolment";
import { testKeys } from "./keys";
import { testOrg } from "./org";

/** A tier 4 model with a measured version and healthy readiness, its owner, and people who may sign. */
export async function testReleases(db: Db) {
  const keys = await testKeys(db);
  const org = await testOrg(db);
  const { retail } = org.units;
  const owner = await org.person("Priya Raman", "contributor", [retail]);
  const architect = await org.person("Milan Novak", "architect");
  const security = await org.person("Noor Haddad", "security");
  const at = org.now.at;
  for (const { actor } of [owner, architect, security])
    for (const { role, units } of actor.grants)
      await db
        .insert(roleGrants)
        .values({ personId: actor.id, role, businessUnitId: units?.[0] ?? null, grantedBy: "test", grantedAt: at });

  /** Another model with a version; tier 4 with nothing failing unless said otherwise. */
  const model = async (
    given: Partial<typeof models.$inferInsert> = {},
    version: Partial<typeof modelVersions.$inferInsert> = {},
  ) => {
    const id = newId();
    const versionId = newId();
    const digest = randomBytes(32).toString("hex");
    const name = given.name ?? `model-${id.slice(-12)}`;
    await db.insert(models).values({
      id,
      name,
      platform: "mlflow",
      stage: "review",
      businessUnitId: retail,
      ownerId: owner.actor.id,
      backupOwnerId: architect.actor.id,
      team: "Card risk",
      tier: 4,
      createdAt: at,
      updatedAt: at,
      ...given,
    });
    await db
      .insert(modelVersions)
      .values({ id: versionId, modelId: id, version: "1.0.0", digest, registeredAt: at, ...version });
    return { id, versionId, name, version: version.version ?? "1.0.0", digest: version.digest ?? digest };
  };

  const passkeys = new Map<string, TestPasskey>();
  /** The person's passkey, enrolled on first use. */
  const keyOf = async (ctx: Ctx): Promise<TestPasskey> => {
    const known = passkeys.get(ctx.actor.id);
    if (known) return known;
    const key = await enrolTestPasskey(ctx);
    passkeys.set(ctx.actor.id, key);
    return key;
  };

  /** Prepares and signs in one go. */
  const sign = async (ctx: Ctx, release: string, more: Record<string, unknown> = {}) => {
    const key = await keyOf(ctx);
    const prepared = await prepareApproval(ctx, { release, ...more });
    return completeApproval(ctx, {
      token: prepared.token,
      assertion: key.sign(Buffer.from(prepared.statement, "base64")),
    });
  };

  return { ...org, keys, owner, architect, security, model, keyOf, sign };
}
