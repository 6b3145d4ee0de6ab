import "server-only";
import { eq, or } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { models } from "@/db/schema/models";
import { teams } from "@/db/schema/org";
import { command } from "@/lib/core/command";
import { isUuid, newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { givenPerson } from "@/lib/people/find";
import { givenUnit } from "@/lib/units/find";
import { mayKeepTeams, teamEdit, teamInput } from "./team";

async function findTeam(read: Pick<Reader, "select">, key: string): Promise<typeof teams.$inferSelect> {
  const [team] = await read
    .select()
    .from(teams)
    .where(isUuid(key) ? or(eq(teams.id, key), eq(teams.name, key)) : eq(teams.name, key));
  if (!team) throw new Refusal("not_found", `There is no team ${key}. GET /api/v1/teams lists them.`);
  return team;
}

const taken = (name: string): Refusal =>
  new Refusal("conflict", `There is a team called ${name} already.`, [{ field: "name", message: "Taken." }]);

/** Enters a team, so that models can say who keeps them. */
export const createTeam = command({
  name: "team.created",
  title: "Create a team",
  http: { method: "POST", path: "/teams", status: 201 },
  input: teamInput,
  load: async (tx, input) => ({
    unit: await givenUnit(tx, input.businessUnit),
    lead: input.lead ? await givenPerson(tx, input.lead, "lead") : null,
  }),
  may: (actor, { unit }) => mayKeepTeams(actor, unit.id),
  run: async (tx, { input, subject: { unit, lead }, now }) => {
    const row = { id: newId(), name: input.name, businessUnitId: unit.id, leadId: lead?.id ?? null };
    const [made] = await tx
      .insert(teams)
      .values({ ...row, createdAt: now })
      .onConflictDoNothing()
      .returning({ id: teams.id });
    if (!made) throw taken(input.name);
    return {
      result: row,
      entry: {
        subject: { kind: "team", id: row.id, ref: row.name },
        summary: `created the team ${row.name} in ${unit.name}`,
        body: row,
      },
    };
  },
});

/** Renames a team (its models keep it), moves it to another unit or names its lead. */
export const editTeam = command({
  name: "team.edited",
  title: "Edit a team",
  http: { method: "PATCH", path: "/teams/{team}" },
  input: teamEdit,
  load: async (tx, input) => ({
    team: await findTeam(tx, input.team),
    unit: input.businessUnit ? await givenUnit(tx, input.businessUnit) : null,
    lead: input.lead ? await givenPerson(tx, input.lead, "lead") : null,
  }),
  may: (actor, { team, unit }) => {
    const here = mayKeepTeams(actor, team.businessUnitId);
    return here.ok && unit ? mayKeepTeams(actor, unit.id) : here;
  },
  run: async (tx, { input, subject: { team, unit, lead }, now }) => {
    const { createdAt: _, ...before } = team;
    const after = {
      ...before,
      name: input.name ?? team.name,
      businessUnitId: unit?.id ?? team.businessUnitId,
      leadId: input.lead === undefined ? team.leadId : (lead?.id ?? null),
    };
    if (JSON.stringify(after) === JSON.stringify(before)) return { unchanged: after };
    if (after.name !== team.name) {
      const [other] = await tx.select({ id: teams.id }).from(teams).where(eq(teams.name, after.name));
      if (other) throw taken(after.name);
      await tx.update(models).set({ team: after.name, updatedAt: now }).where(eq(models.team, team.name));
    }
    await tx.update(teams).set(after).where(eq(teams.id, team.id));
    return {
      result: after,
      entry: {
        subject: { kind: "team", id: team.id, ref: after.name },
        summary:
          after.name === team.name ? `edited the team ${team.name}` : `renamed the team ${team.name} to ${after.name}`,
        body: { before, after },
      },
    };
  },
});
