import { factOf as key, knownBy, maxAge } from "./fact-key";

const { auto } = maxAge;
const { dataPlatform, delivery, monitoring } = knownBy;

/** What schedulers and serving platforms say of a model's pipelines and endpoints (lib/connectors/pipeline.ts, databricks). */
export const pipelineKeys = [
  key("pipeline.success_share", "number", "model", auto, delivery, "Share of training runs that succeeded, 28 days."),
  key("pipeline.last_run_succeeded", "boolean", "model", auto, delivery, "The last training run succeeded."),
  key("batch.success_share", "number", "model", auto, dataPlatform, "Share of scoring runs that succeeded, 28 days."),
  key("batch.last_run_succeeded", "boolean", "model", auto, dataPlatform, "The last scoring run succeeded."),
  key("pipeline.definition_loads", "boolean", "model", auto, delivery, "The scheduler can load the training pipeline."),
  key("batch.definition_loads", "boolean", "model", auto, dataPlatform, "The scheduler can load the scoring pipeline."),
  key("serving.ready", "boolean", "model", auto, monitoring, "The endpoint is ready to answer."),
  key("drift.monitor_active", "boolean", "model", auto, monitoring, "The drift monitor is active where it runs."),
];
