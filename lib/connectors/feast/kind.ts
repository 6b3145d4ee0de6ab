import { z } from "zod";
import type { SourceKind } from "@/lib/connectors/source";

export const feastSettings = z.strictObject({
  project: z
    .string()
    .min(1, "Name the project.")
    .max(250, "At most 250 characters.")
    .meta({ title: "Project", description: "As in the project of feature_store.yaml." }),
  modelTag: z
    .string()
    .max(100, "At most 100 characters.")
    .regex(/^[A-Za-z0-9_.-]+$/, "Letters, digits, dot, dash and underscore.")
    .default("countersign-model")
    .meta({ title: "Tag that names the model", description: "Of feature services, as in countersign-model." }),
});

/** Feast's registry server with its REST API (docs.feast.dev, registry server): how fresh the features of a model are. */
export const feastKind: SourceKind = {
  kind: "feast",
  title: "Feast",
  reads:
    "Feature services, and of the feature views in them owner, age allowed, online store and when they were last materialised. DESCRIBE on feature services and feature views is enough; what may not be described is left out of Feast's lists.",
  address: {
    label: "Address of the registry server",
    hint: "As feast serve_registry --rest-api serves it, as in https://feast.example.com:6572.",
  },
  signIn: [
    { id: "none", title: "No credentials" },
    { id: "bearer", title: "Token (Bearer)", secret: { label: "Token" } },
  ],
  settings: feastSettings,
  subject: {
    word: "Feature service",
    declared: "A feature service with the tag countersign-model (or the one you set) is that model's.",
  },
};
