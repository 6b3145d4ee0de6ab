import { z } from "zod";
import type { SourceKind } from "@/lib/connectors/source";

const field = z
  .string()
  .max(80, "At most 80 characters.")
  .regex(/^[a-z][a-z0-9_]*$/, "A field's name as in u_model.");

export const serviceNowSettings = z.strictObject({
  table: field.default("cmdb_ci_service").meta({
    title: "Table of services",
    description: "As in cmdb_ci_service. Retired services are left out.",
  }),
  modelField: field.optional().meta({
    title: "Field that names the model",
    description: "As in u_model. Left out: a line of the comments, as in countersign-model: card-fraud-score.",
  }),
  groupField: field.default("support_group").meta({
    title: "Field of the group that is on call",
    description: "As in support_group.",
  }),
  lowestPriority: z
    .number()
    .int("A whole number.")
    .min(1, "From 1 (critical) to 5 (planning).")
    .max(5, "From 1 (critical) to 5 (planning).")
    .default(3)
    .meta({
      title: "Lowest priority that counts as an incident",
      description: "1 critical, 2 high, 3 moderate, 4 low, 5 planning.",
    }),
});
export type ServiceNowSettings = z.output<typeof serviceNowSettings>;

/** ServiceNow: on-call coverage and incidents of services (Table API, On-Call Scheduling). */
export const serviceNowKind: SourceKind = {
  kind: "servicenow",
  title: "ServiceNow",
  reads:
    "Services of the CMDB, who is on call for the next 30 days (On-Call Scheduling), escalation, and incidents of the last 90 days. The account needs read access to the table of services, to incident and cmn_rota_roster, and to the on-call calendar.",
  address: { label: "Address of the instance", hint: "As in https://example.service-now.com." },
  signIn: [
    { id: "basic", title: "User name and password", username: "User name", secret: { label: "Password" } },
    {
      id: "oauth",
      title: "OAuth client credentials",
      username: "Client id",
      secret: { label: "Client secret", hint: "Of an application in the Application Registry that allows this grant." },
    },
  ],
  settings: serviceNowSettings,
  subject: {
    word: "Service",
    declared:
      "A service whose comments have a line countersign-model: NAME, or whose field that you set holds the name, is that model's.",
  },
};
