import { z } from "zod";
import type { SourceKind } from "@/lib/connectors/source";
import { oauthSignIn } from "./sign-in";

const tag = z
  .string()
  .max(127, "At most 127 characters.")
  .regex(/^[A-Za-z0-9_.-]+$/, "Letters, digits, dot, dash and underscore.");

export const databricksSettings = z.strictObject({
  modelTag: tag.default("countersign-model").meta({
    title: "Tag that names the model",
    description: "Of serving endpoints and jobs, as in countersign-model.",
  }),
  tableTag: tag.default("countersign-monitored-table").meta({
    title: "Tag of an endpoint that names the monitored table",
    description: "Where the monitor is not on the endpoint's own inference table, as in catalog.schema.table.",
  }),
  roleTag: tag.default("countersign-role").meta({
    title: "Tag of a job that says what it does",
    description: "training, scoring or quality; a job without it trains.",
  }),
  jobs: z.enum(["tagged", "all", "none"]).default("tagged").meta({
    title: "Jobs",
    description: "Those that name a model, all of them, or none; each is a request of its own.",
  }),
});

/** Databricks as a source of facts: data profiling monitors, serving endpoints, jobs (docs.databricks.com/api). Drift values are in its tables, not in the REST API, and are not read. */
export const databricksKind: SourceKind = {
  kind: "databricks",
  title: "Databricks monitors and jobs",
  reads:
    "Serving endpoints, the monitors on their inference tables, and jobs with their runs. CAN VIEW on endpoints and jobs; SELECT on the monitored tables, with USE CATALOG and USE SCHEMA.",
  address: { label: "Address of the workspace", hint: "As in https://adb-1234567890.7.azuredatabricks.net." },
  signIn: [oauthSignIn, { id: "bearer", title: "Token (Bearer)", secret: { label: "Token" } }],
  settings: databricksSettings,
  subject: {
    word: "Endpoint or job",
    declared:
      "An endpoint or job with the tag countersign-model (or the one you set) is that model's; an endpoint without it is the model's of Unity Catalog that it serves, if that is one.",
  },
};
