import "server-only";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Reader } from "@/db/client";
import { openAcceptances } from "@/lib/acceptances/read";
import { type Actor, holds } from "@/lib/core/actor";
import { inReach } from "@/lib/core/in-reach";
import { query } from "@/lib/core/query";
import type { Right } from "@/lib/core/rights";
import { answeredWhy, conditionItem, plural, releaseItem, reviewItem, votesIn } from "./items";
import { waitsOn } from "./mine";
import type { QueueItem } from "./queue";
import { boardSize, figures, openConditions, openReleases, openReviews, openWaivers } from "./sources";
import { acceptanceItem, waiverItem } from "./waivers";

/** Everything that waits on the actor. Each item appears once. */
export const myQueue = query({
  name: "queue.mine",
  title: "What waits on me",
  http: { method: "GET", path: "/queue" },
  input: z.strictObject({}),
  run: (read, _input, actor, now): Promise<QueueItem[]> => waitsOn(read, actor, now),
});

/** Everything that waits on anyone of the board. */
export const boardQueue = query({
  name: "queue.board",
  title: "What waits on the board",
  http: { method: "GET", path: "/queue/board" },
  input: z.strictObject({}),
  run: async (read, _input, actor, now): Promise<QueueItem[]> => {
    if (!holds(actor, "reviews:read")) return [];
    // Whose roles reach some units only sees what waits in those.
    const within = (right: Right) => inReach(actor, right, sql`m.business_unit_id`);
    const [reviews, releases, conditions, waivers, risks] = await Promise.all([
      openReviews(read, now, sql`r.status = 'in_review' and ${within("reviews:read")}`),
      openReleases(read, now, within("releases:read")),
      openConditions(read, within("reviews:read")),
      openWaivers(read, now, within("inventory:read")),
      seenRisks(read, actor, now),
    ]);
    return [
      ...reviews.map((r) => reviewItem(r, votesIn(r), "Open")),
      ...releases.map((r) => releaseItem(r, `${plural(r.signed_by.length, "signature")} so far`, "Open")),
      ...conditions.map((c) =>
        conditionItem(c, c.status === "answered" ? answeredWhy(c) : `Owner is ${c.owner}`, "Open"),
      ),
      ...waivers.map((w) => waiverItem(w, "Waits for a ruling", "Open")),
      ...risks.map((x) => acceptanceItem(x, "Waits for a ruling", "Open")),
    ];
  },
});

/** How much `boardQueue` would list if it listed everything. */
export const boardWaits = query({
  name: "queue.board.size",
  title: "How much waits on the board",
  http: null,
  input: z.strictObject({}),
  run: async (read, _input, actor, now): Promise<number> => {
    if (!holds(actor, "reviews:read")) return 0;
    const [size, risks] = await Promise.all([boardSize(read, actor, now), seenRisks(read, actor, now)]);
    return size + risks.length;
  },
});

const seenRisks = async (read: Reader, actor: Actor, now: Date) =>
  (await openAcceptances(read, now)).filter((x) => holds(actor, "reviews:read", x.unit));

/** Figures beside the areas in the left column. */
export const shellFigures = query({
  name: "queue.figures",
  title: "How much there is of everything",
  http: null,
  input: z.strictObject({}),
  run: (read, _input, actor) => figures(read, actor),
});
