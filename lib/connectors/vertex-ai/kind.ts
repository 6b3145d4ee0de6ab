import { z } from "zod";
import type { RegistryKind } from "@/lib/connectors/registry";

/** Vertex AI Model Registry, one region of one project. */
export const vertexAiKind: RegistryKind = {
  kind: "vertex_ai",
  title: "Google Vertex AI",
  reads:
    "Models, their versions with aliases, and endpoints of one project and region. The role Vertex AI Viewer (roles/aiplatform.viewer) is enough to import; to promote, aiplatform.models.update.",
  address: {
    label: "Address of the Vertex AI API",
    hint: "Left out: that of the region. Private Service Connect has its own.",
    from: (settings) => `https://${String(settings.location ?? "")}-aiplatform.googleapis.com`,
  },
  signIn: [
    {
      id: "service_account",
      title: "Service account",
      secret: { label: "Key file", hint: "The whole JSON file, as Google gave it.", long: true },
    },
  ],
  settings: z.strictObject({
    project: z
      .string()
      .min(4, "At least 4 characters.")
      .max(63, "At most 63 characters.")
      .regex(/^[a-z0-9][a-z0-9.:-]*$/, "Small letters, digits and dash.")
      .meta({ title: "Project", description: "Its id or number, as in acme-ml." }),
    location: z
      .string()
      .max(40, "At most 40 characters.")
      .regex(/^[a-z]+-[a-z]+\d$/, "A region as in europe-west4.")
      .meta({ title: "Region", description: "As in europe-west4. Connect each region by itself." }),
  }),
  prodAlias: { label: "Version alias that marks production", default: "prod" },
  platform: () => "vertex_ai",
  modelUrl: (baseUrl, { id }) => {
    const location = /^([a-z]+-[a-z]+\d)-aiplatform\./.exec(new URL(baseUrl).hostname)?.[1];
    return location
      ? `https://console.cloud.google.com/vertex-ai/models/locations/${location}/models/${encodeURIComponent(id)}`
      : "https://console.cloud.google.com/vertex-ai/models";
  },
};
