import path from "node:path";
import { connect } from "@/db/client";
import { allPeople } from "@/lib/auth/identify";
import { newId } from "@/lib/core/ids";
import { demoPipeline } from "@/lib/demo/feed";
import { freezeMonth } from "@/lib/kpis/freeze";
import { grantRole } from "@/lib/people/grant";
import { invite } from "@/lib/people/invite";
import { openPortalKeys, setPortalKeys } from "@/lib/signing/keys";
import { planAdoption } from "./adoption";
import { planAssets, planEnds } from "./assets";
import { planBoardWork } from "./board-work";
import { planCampaigns, planUpgrade } from "./campaigns";
import { planChecks } from "./checks";
import { planCourses } from "./courses";
import { type Adrs, planDecisions } from "./decisions";
import { planFreezes } from "./emergencies";
import { planEvaluations } from "./evaluations";
import { planGovernance } from "./governance";
import { planInventory } from "./inventory";
import { planLibrary } from "./library";
import { planMeetings } from "./meetings";
import { seedOrganisation } from "./organisation";
import { owners } from "./people";
import { personas } from "./personas";
import { planReadiness } from "./readiness";
import { planRegistry } from "./registry";
import { planReleases } from "./releases";
import { planReviews } from "./reviews";
import { planTiering } from "./tiering";
import { planTools } from "./tools";
import { World } from "./world";

export type Progress = (done: number, total: number, what: string) => void;

/** People first: nobody can do anything before. The portal opens 420 days before today. */
async function people(world: World): Promise<void> {
  const opening = world.before(420, 8);
  const ctx = { db: world.db, now: () => opening, requestId: newId() };
  const { units } = await seedOrganisation(ctx);
  for (const [slug, id] of units) world.units.set(slug, id);
  const system = { ...world.as(), now: () => opening };
  for (const person of owners()) {
    const persona = personas.find((p) => p.email === person.email);
    if (!persona)
      await invite(system, { name: person.name, email: person.email, title: person.title, unit: person.unit });
    const held = new Set(persona?.roles.flatMap((r) => (typeof r === "string" ? [] : [r.unit])));
    for (const unit of person.units.filter((u) => !held.has(u))) {
      await grantRole(system, { person: person.email, role: "contributor", unit });
    }
  }
  for (const [name, actor] of await allPeople(world.db, opening)) world.people.set(name, actor);
}

/** The KPIs of each of the last twelve months, frozen on the first day of the next. */
function planMonths(world: World): void {
  for (let back = 0; back < 12; back++) {
    const first = new Date(Date.UTC(world.today.getUTCFullYear(), world.today.getUTCMonth() - back, 1, 3));
    const month = new Date(first.getTime() - 86_400_000).toISOString().slice(0, 7);
    world.plan(first, `freeze the KPIs of ${month}`, async () => {
      await freezeMonth(world.as(), { month });
    });
  }
}

/**
 * Tells the demo organisation's year through the commands, with a clock of its own, into an empty database.
 * `dataDir` holds the portal's keys and the evidence.
 */
export async function seed(url: string, dataDir: string, onProgress: Progress = () => undefined): Promise<void> {
  // A seeding that is cut off is begun again from nothing (db/prepare.ts), so it need not wait for the disk at each commit.
  const hasty = new URL(url);
  hasty.searchParams.set("options", "-c synchronous_commit=off");
  const { db, pool } = connect(hasty.toString(), 4);
  try {
    const world = new World(db, new Date());
    // The personas' keys lie beside the portal's.
    process.env.DATA_DIR = dataDir;
    setPortalKeys(await openPortalKeys(db, path.join(dataDir, "keys"), () => world.before(420, 7)));
    await people(world);
    const adrs: Adrs = new Map();
    planInventory(world, () => demoPipeline);
    planAssets(world);
    planEnds(world);
    planDecisions(world, adrs);
    planGovernance(world, () => demoPipeline);
    planAdoption(world, adrs);
    planReviews(world, adrs, () => demoPipeline);
    planMeetings(world);
    planBoardWork(world);
    planReleases(world, () => demoPipeline);
    planFreezes(world);
    planRegistry(world, () => demoPipeline);
    planChecks(world, adrs, () => demoPipeline);
    planTiering(world);
    planLibrary(world);
    planEvaluations(world);
    planCourses(world);
    planCampaigns(world);
    planUpgrade(world);
    planReadiness(world);
    planTools(world, () => demoPipeline);
    planMonths(world);
    await world.tell(onProgress);
  } finally {
    await pool.end();
  }
}
