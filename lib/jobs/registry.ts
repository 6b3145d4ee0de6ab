import "server-only";
import { glassJobs } from "@/lib/break-glass/review";
import { campaignJobs } from "@/lib/campaigns/sweep";
import { promoteJob, scheduleSyncs, syncRegistryJob } from "@/lib/connections/jobs";
import { decisionCheckJobs } from "@/lib/decision-checks/jobs";
import { decisionJobs } from "@/lib/decisions/jobs";
import { demoJobs } from "@/lib/demo/feed";
import { imageJobs } from "@/lib/images/prune";
import { meetingJobs } from "@/lib/meetings/series";
import { notificationJobs } from "@/lib/notifications/jobs";
import { readinessJobs } from "@/lib/readiness/jobs";
import { reconciliationJobs } from "@/lib/reconciliation/jobs";
import { gateJobs } from "@/lib/releases/turn";
import { decideAutomaticallyJob } from "@/lib/reviews/automatic";
import { escalationJobs } from "@/lib/reviews/escalate";
import { voteJobs } from "@/lib/reviews/vote-call";
import { riskJobs } from "@/lib/risk/jobs";
import type { JobHandlers, Recurring } from "./job";
import { pruneJobs } from "./prune";

/** Job name to handler. Each area lists its own here, from its lib/<noun>/jobs.ts. */
export const jobHandlers: JobHandlers = {
  "jobs.prune": pruneJobs,
  "registry.schedule": scheduleSyncs,
  "registry.sync": syncRegistryJob,
  "registry.promote": promoteJob,
  "review.decide_automatically": decideAutomaticallyJob,
  ...decisionJobs,
  ...decisionCheckJobs,
  ...demoJobs,
  ...imageJobs,
  ...notificationJobs,
  ...meetingJobs,
  ...readinessJobs,
  ...reconciliationJobs,
  ...riskJobs,
  ...voteJobs,
  ...escalationJobs,
  ...campaignJobs,
  ...glassJobs,
  ...gateJobs,
};

/** Jobs that come round by themselves. A handler decides what is due, so a slot without work costs one query. */
export const recurringJobs: readonly Recurring[] = [
  { name: "jobs.prune", everyMinutes: 60 },
  { name: "decisions.schedule", everyMinutes: 5 },
  { name: "decisions.recheck", everyMinutes: 10 },
  { name: "demo.measure", everyMinutes: 60 },
  { name: "images.prune", everyMinutes: 1440 },
  { name: "meetings.plan", everyMinutes: 360 },
  { name: "readiness.sweep", everyMinutes: 60 },
  { name: "readiness.watch", everyMinutes: 60 },
  { name: "notifications.remind", everyMinutes: 360 },
  { name: "notifications.send", everyMinutes: 5 },
  { name: "reconciliation.sweep", everyMinutes: 10 },
  { name: "reviews.escalate", everyMinutes: 10 },
  { name: "risk.sweep", everyMinutes: 5 },
  { name: "campaigns.pursue", everyMinutes: 60 },
  { name: "votes.close", everyMinutes: 5 },
  { name: "break_glass.watch", everyMinutes: 5 },
  { name: "gate.turn", everyMinutes: 5 },
  { name: "registry.schedule", everyMinutes: 1 },
];
