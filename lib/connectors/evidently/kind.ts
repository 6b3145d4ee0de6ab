import { z } from "zod";
import type { SourceKind } from "@/lib/connectors/source";

export const evidentlySettings = z.strictObject({
  modelKey: z
    .string()
    .max(100, "At most 100 characters.")
    .regex(/^[A-Za-z0-9_.-]+$/, "Letters, digits, dot, dash and underscore.")
    .default("model")
    .meta({ title: "Metadata key that names the model", description: "Of reports, as in model." }),
  conceptTag: z.string().min(1).max(100, "At most 100 characters.").default("concept").meta({
    title: "Tag of reports on predictions or labels",
    description: "Reports without it are on the input data.",
  }),
});

/** Evidently's own server (evidently ui, 0.7): when drift was last looked at, and how often. */
export const evidentlyKind: SourceKind = {
  kind: "evidently",
  title: "Evidently",
  reads:
    "Projects and the times, tags and metadata of their reports: when drift was last looked at, and how often. Nothing in the reports is read.",
  address: { label: "Address of the Evidently server", hint: "As in https://evidently.example.com." },
  signIn: [
    { id: "none", title: "No credentials" },
    { id: "secret", title: "Secret", secret: { label: "Secret", hint: "Sent as evidently-secret." } },
  ],
  settings: evidentlySettings,
  subject: {
    word: "Project",
    declared: "A project whose newest report has the metadata model: NAME (or the key you set) is that model's.",
  },
};
