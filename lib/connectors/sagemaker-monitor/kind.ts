import { z } from "zod";
import { awsRegion } from "@/lib/connectors/sagemaker/kind";
import type { SourceKind } from "@/lib/connectors/source";

const tag = z
  .string()
  .max(128, "At most 128 characters.")
  .regex(/^[A-Za-z0-9_.:/=+@-]+$/, "A tag's key as in countersign-model.");

export const sagemakerMonitorSettings = z.strictObject({
  region: awsRegion,
  modelTag: tag
    .default("countersign-model")
    .meta({ title: "Tag that names the model", description: "Of the endpoint. It goes before what it serves." }),
  followPackages: z.boolean().default(true).meta({
    title: "Without that tag, an endpoint is the model of the package group that it serves",
    description: "Only where everything that it serves is of one group.",
  }),
  objectiveTag: tag.default("countersign-availability").meta({
    title: "Tag that says the availability objective in percent",
    description: "Of the endpoint, as in 99.9. An endpoint without it has no SLO here.",
  }),
  latencyQuantile: z
    .number()
    .min(0.5, "From 0.5 to 0.999.")
    .max(0.999, "From 0.5 to 0.999.")
    .default(0.99)
    .meta({ title: "Quantile of the latency objective", description: "0.99 is the 99th percentile." }),
  latencyDays: z
    .number()
    .int("Whole days.")
    .min(1, "From 1 to 30.")
    .max(30, "From 1 to 30.")
    .default(7)
    .meta({ title: "Window of the latency in days" }),
  cloudwatch: z
    .url({ protocol: /^https?$/, message: "An address as in https://monitoring.eu-central-1.amazonaws.com." })
    .max(500, "At most 500 characters.")
    .optional()
    .meta({
      title: "Address of CloudWatch",
      description: "Left out: that of the region. A private endpoint has its own.",
    }),
});
export type SagemakerMonitorSettings = z.output<typeof sagemakerMonitorSettings>;

/** SageMaker Model Monitor and the CloudWatch metrics of endpoints, one region of one account (connectors.md sections 5.2 and 5.4). */
export const sagemakerMonitorKind: SourceKind = {
  kind: "sagemaker_monitor",
  title: "SageMaker Model Monitor and CloudWatch",
  reads:
    "Endpoints, their monitoring schedules of data and model quality with their last executions, and requests, errors and latency of the last 30 days. The policy needs sagemaker:ListEndpoints, ListTags, ListMonitoringSchedules, ListMonitoringExecutions and Describe… of Endpoint, EndpointConfig, Model, ModelPackage and MonitoringSchedule, and cloudwatch:GetMetricData.",
  address: {
    label: "Address of the SageMaker API",
    hint: "Left out: that of the region. A private endpoint has its own.",
    from: (settings) => `https://api.sagemaker.${String(settings.region ?? "")}.amazonaws.com`,
  },
  signIn: [
    {
      id: "keys",
      title: "Access key of an IAM user",
      username: "Access key id",
      secret: { label: "Secret access key" },
    },
  ],
  settings: sagemakerMonitorSettings,
  subject: {
    word: "Endpoint",
    declared:
      "An endpoint with the tag countersign-model: NAME (or the tag you set) is that model's; without it, it is the model of the package group that it serves.",
  },
};
