import { z } from "zod";
import type { SourceKind } from "@/lib/connectors/source";

const metric = z
  .string()
  .max(200, "At most 200 characters.")
  .regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/, "A metric's name as in request_predict_seconds.");
const label = z
  .string()
  .max(100, "At most 100 characters.")
  .regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, "A label's name as in model_name.");

/** What the settings of a Prometheus connection say (connectors.md section 5). */
export const prometheusSettings = z.strictObject({
  modelLabel: label.default("countersign_model").meta({
    title: "Label that names the model",
    description: "Series and SLOs with it are that model's. Everything else is mapped by the models' owners.",
  }),
  latencyMetric: metric.optional().meta({
    title: "Latency histogram",
    description: "Without _bucket, as in request_predict_seconds (KServe). Left out: latency is not read.",
  }),
  latencyLabel: label.default("model_name").meta({
    title: "Label of that histogram that tells services apart",
    description: "As in model_name.",
  }),
  latencyUnit: z.enum(["seconds", "milliseconds"]).default("seconds").meta({ title: "Unit of that histogram" }),
  latencyQuantile: z
    .number()
    .min(0.5, "From 0.5 to 0.999.")
    .max(0.999, "From 0.5 to 0.999.")
    .default(0.99)
    .meta({ title: "Quantile of the latency objective", description: "0.99 is the 99th percentile." }),
  latencyWindow: z
    .string()
    .max(10)
    .regex(/^\d{1,4}[mhdw]$/, "A duration as in 7d.")
    .default("7d")
    .meta({ title: "Window of the latency", description: "As in 7d." }),
  gitRepository: z
    .url({ protocol: /^https?$/, message: "An https address as in https://git.example.com/team/slos.git." })
    .max(500, "At most 500 characters.")
    .refine((v) => !/^https?:\/\/[^/]*@/.test(v), "Leave user name and password out of the address.")
    .optional()
    .meta({
      title: "Git repository of SLO files",
      description: "Read at each sync, without credentials. As in https://git.example.com/team/slos.git.",
    }),
  gitBranch: z
    .string()
    .max(200, "At most 200 characters.")
    .regex(/^(?![-/.])[\w./-]+$/, "The name of a branch.")
    .optional()
    .meta({ title: "Branch", description: "Left out: the default branch." }),
  gitFiles: z
    .string()
    .max(500, "At most 500 characters.")
    .regex(/^[^/\\\s][^\\]*$/, "Patterns relative to the root, as in slos/**/*.yaml.")
    .default("**/slo/**/*.{yaml,yml}, **/slos/**/*.{yaml,yml}")
    .meta({ title: "Which files of it", description: "Patterns, with a comma between them, as in slos/**/*.yaml." }),
  tenant: z.string().max(150, "At most 150 characters.").optional().meta({
    title: "Tenant",
    description: "Sent as X-Scope-OrgID, for Mimir, Cortex and Thanos with tenants.",
  }),
});

/** The patterns of a setting; a comma inside braces belongs to its pattern. */
export const gitGlobs = (text: string): string[] =>
  text
    .split(/,(?![^{]*\})/)
    .map((glob) => glob.trim())
    .filter((glob) => glob !== "");

/** Prometheus, and what speaks its HTTP API: Thanos, Mimir, Cortex, VictoriaMetrics. */
export const prometheusKind: SourceKind = {
  kind: "prometheus",
  title: "Prometheus",
  reads:
    "SLOs (rules of Sloth and Pyrra, files of Sloth, Pyrra and OpenSLO), error budgets and latency. Read access to /api/v1/query is enough.",
  address: {
    label: "Address of Prometheus",
    hint: "As in https://prometheus.example.com, with a path prefix if it has one.",
  },
  signIn: [
    { id: "none", title: "No credentials" },
    { id: "basic", title: "User name and password", username: "User name", secret: { label: "Password" } },
    { id: "bearer", title: "Token (Bearer)", secret: { label: "Token" } },
  ],
  settings: prometheusSettings,
  subject: {
    word: "Service",
    declared:
      "A series that carries the label that names the model, or a file whose SLO has it among its labels or annotations, is that model's.",
  },
  files: {
    title: "SLO files",
    hint: "YAML of Sloth (prometheus/v1 or its Kubernetes form), Pyrra (ServiceLevelObjective) or OpenSLO v1. A file of the same name replaces the former one. Files in Git are read at each sync: name the repository in the settings.",
  },
};
