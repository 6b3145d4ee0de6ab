import { chooseCalendar, createCalendar } from "@/lib/calendars/keep";
import { systemActor } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/command";
import { grantRole } from "@/lib/people/grant";
import { invite } from "@/lib/people/invite";
import { createTeam } from "@/lib/teams/keep";
import { createUnit } from "@/lib/units/create";
import { england, hesse } from "./data/holidays";
import { haldenTeams, haldenUnits, personas } from "./personas";

/** Creates the demo organisation's units and personas through the commands, as the portal itself. Ids by slug and by e-mail. */
export async function seedOrganisation(
  ctx: Omit<Ctx, "actor">,
): Promise<{ units: Map<string, string>; people: Map<string, string> }> {
  const system: Ctx = { ...ctx, actor: systemActor };
  const units = new Map<string, string>();
  for (const unit of haldenUnits) {
    const made = await createUnit(system, { ...unit });
    units.set(made.slug, made.id);
  }
  await createCalendar(system, {
    slug: "de-he",
    name: "Germany, Hesse",
    timeZone: "Europe/Berlin",
    weekdays: [1, 2, 3, 4, 5],
    workFrom: "09:00",
    workTo: "18:00",
    isDefault: true,
    holidays: hesse,
  });
  await createCalendar(system, {
    slug: "gb-eng",
    name: "United Kingdom, England",
    timeZone: "Europe/London",
    weekdays: [1, 2, 3, 4, 5],
    workFrom: "09:00",
    workTo: "17:30",
    holidays: england,
  });
  await chooseCalendar(system, { unit: "insurance", calendar: "gb-eng" });
  for (const [businessUnit, name] of Object.entries(haldenTeams)) await createTeam(system, { name, businessUnit });
  const people = new Map<string, string>();
  for (const { roles, ...person } of personas) {
    const made = await invite(system, { ...person, persona: true });
    people.set(made.email, made.id);
    for (const role of roles) {
      await grantRole(system, { person: made.id, ...(typeof role === "string" ? { role } : role) });
    }
  }
  return { units, people };
}
