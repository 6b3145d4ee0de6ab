import { z } from "zod";
import type { SourceKind } from "@/lib/connectors/source";

export const githubSettings = z.strictObject({
  organization: z
    .string()
    .min(1, "Name the organisation.")
    .max(39, "At most 39 characters.")
    .regex(/^[A-Za-z0-9-]+$/, "Letters, digits and dash.")
    .meta({ title: "Organisation", description: "As in the address of its pages." }),
  modelProperty: z
    .string()
    .max(75, "At most 75 characters.")
    .regex(/^[A-Za-z0-9_#$-]+$/, "A property's name as in countersign_model.")
    .default("countersign_model")
    .meta({ title: "Custom property that names the model", description: "Of repositories, as in countersign_model." }),
  environment: z
    .string()
    .min(1)
    .max(255, "At most 255 characters.")
    .default("production")
    .meta({ title: "Environment of production", description: "Deployments to it are counted." }),
});

/** GitHub: code scanning, Dependabot and secret alerts, and deployments of an organisation (docs.github.com/rest, 2022-11-28). */
export const githubKind: SourceKind = {
  kind: "github",
  title: "GitHub",
  reads:
    "Open code scanning, Dependabot and secret scanning alerts, and deployments. A fine-grained token of the organisation with read access to Code scanning alerts, Dependabot alerts, Secret scanning alerts, Deployments and Custom properties is enough.",
  address: {
    label: "Address of the API",
    hint: "Left out: https://api.github.com. GitHub Enterprise Server has https://HOST/api/v3.",
    from: () => "https://api.github.com",
  },
  signIn: [{ id: "token", title: "Token", secret: { label: "Token" } }],
  settings: githubSettings,
  subject: {
    word: "Repository",
    declared:
      "A repository whose custom property countersign_model (or the one you set) names a model is that model's.",
  },
};
