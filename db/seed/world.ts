import type { Db } from "@/db/client";
import { type Actor, systemActor } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";

/** Something that happens in the demo organisation's year; run in the order of its time. */
export type Happening = { at: Date; what: string; run: () => Promise<void> };

/**
 * The demo organisation while it is being told: every happening goes through the commands, as the person who did it, at the
 * time it happened. `today` is the day of the first start.
 */
export class World {
  readonly happenings: Happening[] = [];
  readonly people = new Map<string, Actor>();
  readonly units = new Map<string, string>();
  private clock: Date;
  /** Index of the happening that is being told; null before. */
  private told: number | null = null;

  constructor(
    readonly db: Db,
    readonly today: Date,
  ) {
    this.clock = today;
  }

  /** A moment `days` days before today, at an hour of the working day (UTC). */
  before(days: number, hour = 9, minute = 0): Date {
    const at = new Date(this.today.getTime() - days * 86_400_000);
    at.setUTCHours(hour, minute, 0, 0);
    return at > this.today ? this.today : at;
  }

  plan(at: Date, what: string, run: () => Promise<void>): void {
    // While the story is told, a new happening takes its place among those still to come.
    let i = this.happenings.length;
    if (this.told !== null) while (i > this.told + 1 && (this.happenings[i - 1]?.at ?? at) > at) i--;
    this.happenings.splice(i, 0, { at, what, run });
  }

  /** The context of a person (by name), of the portal itself, or of a given actor, at the time of the present happening. */
  as(who: string | Actor = systemActor): Ctx {
    const actor = typeof who === "string" ? this.people.get(who) : who;
    if (!actor) throw new Error(`The demo organisation has no ${String(who)}.`);
    const at = this.clock;
    return { db: this.db, actor, now: () => at, requestId: newId() };
  }

  unitId(slug: string): string {
    const id = this.units.get(slug);
    if (!id) throw new Error(`The demo organisation has no unit ${slug}.`);
    return id;
  }

  /** Tells the year in order; a happening may plan others that come later. */
  async tell(onStep: (done: number, total: number, what: string) => void): Promise<void> {
    const order = (a: Happening, b: Happening) => a.at.getTime() - b.at.getTime();
    this.happenings.sort(order);
    for (let i = 0; i < this.happenings.length; i++) {
      const step = this.happenings[i];
      if (!step) break;
      this.told = i;
      this.clock = step.at;
      try {
        await step.run();
      } catch (cause) {
        throw new Error(`The demo organisation could not be told: ${step.what} on ${step.at.toISOString()}.`, {
          cause,
        });
      }
      onStep(i + 1, this.happenings.length, step.what);
    }
  }
}
