import { AsyncLocalStorage } from "node:async_hooks";
import type { Db } from "@/db/client";
import { type Actor, systemActor } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";

/** Something that happens in the demo organisation's year; run in the order of its time. */
export type Happening = {
  at: Date;
  what: string;
  run: () => Promise<void>;
  /** The model it concerns, and nothing else: happenings of different models do not wait for each other. Null: alone. */
  model: string | null;
};

/** How many happenings of different models are told at once; PostgreSQL and this process have a core each. */
const atOnce = 4;

/**
 * The demo organisation while it is being told: every happening goes through the commands, as the person who did it, at the
 * time it happened. `today` is the day of the first start.
 */
export class World {
  readonly happenings: Happening[] = [];
  readonly people = new Map<string, Actor>();
  readonly units = new Map<string, string>();
  private readonly clock = new AsyncLocalStorage<Date>();
  /** Index of the happening that is being told; null before. */
  private told: number | null = null;

  constructor(
    readonly db: Db,
    readonly today: Date,
  ) {}

  /** A moment `days` days before today, at an hour of the working day (UTC). */
  before(days: number, hour = 9, minute = 0): Date {
    const at = new Date(this.today.getTime() - days * 86_400_000);
    at.setUTCHours(hour, minute, 0, 0);
    return at > this.today ? this.today : at;
  }

  /** Plans what concerns one model only. */
  planFor(model: string, at: Date, what: string, run: () => Promise<void>): void {
    this.insert({ at, what, run, model });
  }

  /** Plans what may concern anything, and so is told alone. */
  plan(at: Date, what: string, run: () => Promise<void>): void {
    this.insert({ at, what, run, model: null });
  }

  private insert(happening: Happening): void {
    const { at } = happening;
    // While the story is told, a new happening takes its place among those still to come.
    let i = this.happenings.length;
    if (this.told !== null) while (i > this.told + 1 && (this.happenings[i - 1]?.at ?? at) > at) i--;
    this.happenings.splice(i, 0, happening);
  }

  /** The context of a person (by name), of the portal itself, or of a given actor, at the time of the present happening. */
  as(who: string | Actor = systemActor): Ctx {
    const actor = typeof who === "string" ? this.people.get(who) : who;
    if (!actor) throw new Error(`The demo organisation has no ${String(who)}.`);
    const at = this.clock.getStore() ?? this.today;
    return { db: this.db, actor, now: () => at, requestId: newId() };
  }

  unitId(slug: string): string {
    const id = this.units.get(slug);
    if (!id) throw new Error(`The demo organisation has no unit ${slug}.`);
    return id;
  }

  /**
   * Tells the year: happenings begin in the order of their time, those of one model one after the other. A happening may
   * plan others that come later.
   */
  async tell(onStep: (done: number, total: number, what: string) => void): Promise<void> {
    this.happenings.sort((a, b) => a.at.getTime() - b.at.getTime());
    const running = new Map<string | null, Promise<void>>();
    for (let i = 0; i < this.happenings.length; i++) {
      const step = this.happenings[i];
      if (!step) break;
      // Before the wait: what is planned meanwhile must come after this step, or the step would be met twice.
      this.told = i;
      while (
        running.size > 0 &&
        (step.model === null || running.has(null) || running.has(step.model) || running.size >= atOnce)
      ) {
        await Promise.race(running.values());
      }
      const telling = this.tellOne(step).finally(() => running.delete(step.model));
      // A failure is met by the race above or by the wait below; without this it would count as unhandled meanwhile.
      telling.catch(() => undefined);
      running.set(step.model, telling);
      onStep(i + 1, this.happenings.length, step.what);
    }
    await Promise.all(running.values());
  }

  private async tellOne(step: Happening): Promise<void> {
    try {
      await this.clock.run(step.at, step.run);
    } catch (cause) {
      throw new Error(`The demo organisation could not be told: ${step.what} on ${step.at.toISOString()}.`, { cause });
    }
  }
}
