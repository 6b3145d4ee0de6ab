import { z } from "zod";
import type { SourceKind } from "@/lib/connectors/source";

const prefix = z
  .string()
  .max(60, "At most 60 characters.")
  .regex(/^[A-Za-z0-9_.-]+$/, "Letters, digits, dot, dash and underscore.");

export const airflowSettings = z.strictObject({
  version: z
    .enum(["3", "2"])
    .default("3")
    .meta({ title: "Version", description: "Airflow 3 is asked at /api/v2, Airflow 2 at /api/v1." }),
  modelTag: prefix.default("countersign-model").meta({
    title: "Tag that names the model",
    description: "Of DAGs, as in countersign-model:card-fraud-score.",
  }),
  roleTag: prefix.default("countersign-role").meta({
    title: "Tag of a DAG that says what it does",
    description: "As in countersign-role:scoring, or training, or quality; a DAG without it trains.",
  }),
  dags: z.enum(["tagged", "all"]).default("tagged").meta({
    title: "DAGs",
    description: "Only those that name a model, or all of them; each is a request of its own.",
  }),
});

/** Apache Airflow: how the runs of DAGs went and how often they are due (airflow.apache.org, stable REST API). */
export const airflowKind: SourceKind = {
  kind: "airflow",
  title: "Airflow",
  reads:
    "DAGs with their tags and schedules, their runs, and files that cannot be loaded. A user with read access to DAGs, DAG runs and import errors is enough, as the role Viewer has it.",
  address: { label: "Address of Airflow", hint: "As in https://airflow.example.com, with its path if it has one." },
  signIn: [
    { id: "password", title: "User and password", username: "User", secret: { label: "Password" } },
    { id: "bearer", title: "Token (Bearer)", secret: { label: "Token" } },
  ],
  settings: airflowSettings,
  subject: {
    word: "DAG",
    declared: "A DAG with the tag countersign-model:NAME (or the mark you set) is that model's.",
  },
};
