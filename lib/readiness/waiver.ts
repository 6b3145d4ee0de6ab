import { z } from "zod";
import { day } from "@/lib/core/when";
import type { Tier } from "@/lib/risk/tier";
import { itemId, modelName } from "./readiness";
import { type AskedState, impacts, likelihoods } from "./risk-acceptance";

/** Longest waiver by tier, days (governance.md section 2). */
export const maxWaiverDays: Record<Tier, number> = { 1: 90, 2: 120, 3: 180, 4: 180 };

/** Days before its end on which is warned, once each. */
export const warnDays = [30, 14, 3] as const;

const said = (least: number, what: string) =>
  z.string().trim().min(least, `Say in at least ${least} characters ${what}.`).max(4000, "At most 4000 characters.");

export const RequestWaiver = z.strictObject({
  name: modelName,
  item: itemId,
  reason: said(20, "why"),
  likelihood: z.enum(likelihoods, `Choose ${likelihoods.join(", ")}.`),
  impact: z.enum(impacts, `Choose ${impacts.join(", ")}.`),
  /** Who is affected if it happens, and how. */
  affected: said(10, "who is affected"),
  compensation: said(20, "what is done instead"),
  /** CEL over facts, each of which shows that the compensation works. */
  compensationChecks: z
    .array(z.string().trim().min(1, "Leave it out or write a check.").max(1000, "At most 1000 characters."))
    .max(5, "At most 5 checks.")
    .default([]),
  exitPlan: said(20, "how and when it will hold"),
  expiresOn: day(),
});

export const DecideWaiver = z.strictObject({
  ref: z.string().trim().min(1).max(60),
  outcome: z.enum(["accepted", "refused"], "Choose accepted or refused."),
  reason: z.string().trim().min(10, "Say in at least 10 characters why.").max(2000, "At most 2000 characters."),
});

export const EndWaiver = z.strictObject({
  ref: z.string().trim().min(1).max(60),
  reason: DecideWaiver.shape.reason,
});

/** Where a waiver stands; one whose time is over counts no more, whatever it is called. */
export const waiverState = (w: {
  acceptedAt: Date | null;
  refusedAt: Date | null;
  endedAt: Date | null;
}): AskedState => (w.endedAt ? "ended" : w.acceptedAt ? "accepted" : w.refusedAt ? "refused" : "requested");
