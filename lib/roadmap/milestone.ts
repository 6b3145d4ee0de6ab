import { z } from "zod";
import { BacklogRef } from "@/lib/backlog/backlog";
import type { Quarter } from "@/lib/backlog/quarter";
import type { Actor } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import { mayManage } from "@/lib/patterns/adoption";

export const milestoneStates = ["planned", "started", "reached", "dropped"] as const;
export type MilestoneState = (typeof milestoneStates)[number];
export const milestoneStateName: Record<MilestoneState, string> = {
  planned: "Planned",
  started: "Under way",
  reached: "Reached",
  dropped: "Dropped",
};

export const MilestoneRef = z
  .string()
  .trim()
  .max(20)
  .regex(/^MST-\d{1,9}$/i, "Use a reference like MST-0003.");
const quarter = z
  .string()
  .trim()
  .max(7)
  .regex(/^20\d\d-Q[1-4]$/, "A quarter such as 2027-Q1.");
const reason = z.string().trim().min(10, "Say in at least 10 characters why.").max(1000, "At most 1000 characters.");
const items = z.array(BacklogRef).max(30, "At most 30 items.");

export const AddMilestone = z.strictObject({
  title: z.string().trim().min(5, "Say in a few words what it is.").max(160, "At most 160 characters."),
  outcome: z
    .string()
    .trim()
    .min(20, "Say in at least 20 characters what holds then.")
    .max(2000, "At most 2000 characters."),
  quarter,
  /** A phase of the blueprint by its id. */
  phase: z.string().trim().min(1).max(60, "At most 60 characters.").optional(),
  owner: z.string().trim().min(1, "Name a person.").max(200, "At most 200 characters.").optional(),
  /** What of the backlog it takes. */
  items: items.default([]),
});
export const MoveMilestone = z.strictObject({ ref: MilestoneRef, quarter, reason });
export const SetMilestone = z.strictObject({
  ref: MilestoneRef,
  state: z.enum(milestoneStates, `Choose ${milestoneStates.join(", ")}.`),
  reason,
});
export const LinkItems = z.strictObject({ ref: MilestoneRef, items });

/** Architects keep the roadmap; what is over moves no more. */
export function mayKeep(actor: Actor, milestone?: { ref: string; state: MilestoneState }): Verdict {
  const may = mayManage(actor);
  if (!may.ok || !milestone) return may;
  return milestone.state === "reached" || milestone.state === "dropped"
    ? no("conflict", `${milestone.ref} is ${milestoneStateName[milestone.state].toLowerCase()} and stays as it is.`)
    : yes;
}

/** Its quarter is over, and it is not reached. */
export const isLate = (milestone: { state: MilestoneState; quarter: Quarter }, now: Quarter): boolean =>
  (milestone.state === "planned" || milestone.state === "started") && milestone.quarter < now;
