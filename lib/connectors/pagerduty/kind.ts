import { z } from "zod";
import type { SourceKind } from "@/lib/connectors/source";

const word = z
  .string()
  .max(60, "At most 60 characters.")
  .regex(/^[A-Za-z0-9_-]+$/, "Letters, digits, dash and underscore.");

export const pagerDutySettings = z.strictObject({
  modelMark: word.default("countersign-model").meta({
    title: "Mark that names the model",
    description: "A line in a service's description, as in countersign-model: card-fraud-score.",
  }),
});

/** PagerDuty: on-call coverage and incidents of services (developer.pagerduty.com, REST API v2). */
export const pagerDutyKind: SourceKind = {
  kind: "pagerduty",
  title: "PagerDuty",
  reads:
    "Services, who is on call for the next 30 days, escalation, and incidents of the last 90 days. A read-only REST API key is enough.",
  address: {
    label: "Address of the REST API",
    hint: "Left out: https://api.pagerduty.com. Accounts in the EU have https://api.eu.pagerduty.com.",
    from: () => "https://api.pagerduty.com",
  },
  signIn: [
    { id: "key", title: "REST API key", secret: { label: "Key" } },
    { id: "bearer", title: "OAuth token (Bearer)", secret: { label: "Token" } },
  ],
  settings: pagerDutySettings,
  subject: {
    word: "Service",
    declared: "A service whose description has a line countersign-model: NAME (or the mark you set) is that model's.",
  },
};
