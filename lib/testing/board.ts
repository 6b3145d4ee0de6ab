import type { Db } from "@/db/client";
import { models } from "@/db/schema/models";
import { businessUnits, people, roleGrants } from "@/db/schema/org";
import type { Ctx } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import type { Role } from "@/lib/core/rights";

/** Twelve people by the roles they hold: a board with two for the chair and two for security, an owner, and two who only look on. */
export const boardCast = {
  owner: ["contributor"],
  chair: ["architect", "board_chair"],
  deputy: ["board_chair"],
  security: ["security"],
  security2: ["security"],
  privacy: ["privacy"],
  risk: ["model_risk"],
  architect: ["architect"],
  operations: ["board_member"],
  compliance: ["compliance"],
  viewer: ["viewer"],
  admin: ["admin"],
} as const satisfies { [name: string]: readonly Role[] };

/** A board, an owner and a model, in one business unit. Times are the test's own. */
export async function testBoard(db: Db, clock: { at: Date } = { at: new Date("2026-03-02T09:00:00Z") }) {
  const unitId = newId();
  await db.insert(businessUnits).values({ id: unitId, slug: `unit-${unitId.slice(-6)}`, name: "Card risk" });
  type Name = keyof typeof boardCast;
  const ids = {} as { [name in Name]: string };
  for (const [name, roles] of Object.entries(boardCast) as [Name, readonly Role[]][]) {
    const id = newId();
    ids[name] = id;
    await db.insert(people).values({ id, name, email: `${name}.${id.slice(-8)}@halden.example`, createdAt: clock.at });
    for (const role of roles)
      await db
        .insert(roleGrants)
        .values({ personId: id, role, businessUnitId: null, grantedBy: "system", grantedAt: clock.at });
  }
  let n = 0;
  return {
    ids,
    unitId,
    clock,
    as: (name: Name): Ctx => ({
      db,
      actor: {
        kind: "person",
        id: ids[name],
        name,
        grants: boardCast[name].map((role) => ({ role, units: null })),
        scopes: null,
      },
      now: () => clock.at,
      requestId: "test",
    }),
    async model(set: Partial<typeof models.$inferInsert> = {}): Promise<{ id: string; name: string }> {
      n += 1;
      const model = { id: newId(), name: `model-${unitId.slice(-6)}-${n}` };
      await db.insert(models).values({
        ...model,
        platform: "mlflow",
        stage: "development",
        kind: "classical",
        tier: 2,
        legalClass: "minimal",
        businessUnitId: unitId,
        ownerId: ids.owner,
        createdAt: clock.at,
        updatedAt: clock.at,
        ...set,
      });
      return model;
    },
  };
}
export type Board = Awaited<ReturnType<typeof testBoard>>;
