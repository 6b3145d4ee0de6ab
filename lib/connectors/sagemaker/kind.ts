import { z } from "zod";
import type { RegistryKind, Settings } from "@/lib/connectors/registry";
import { regionOf } from "./region";

/** One region of AWS, as settings have it. */
export const awsRegion = z
  .string()
  .max(30, "At most 30 characters.")
  .regex(/^[a-z]{2,}(-[a-z]+)+-\d$/, "A region as in eu-central-1.")
  .meta({ title: "Region", description: "As in eu-central-1. Connect each region by itself." });

/** Amazon SageMaker Model Registry, one region of one account. */
export const sagemakerKind: RegistryKind = {
  kind: "sagemaker",
  title: "Amazon SageMaker",
  reads:
    "Model package groups, model packages and endpoints of one region. The policy needs sagemaker:List… and sagemaker:Describe… of ModelPackageGroup, ModelPackage, Endpoint, EndpointConfig and Model, and sagemaker:ListTags; to promote, sagemaker:UpdateModelPackage.",
  address: {
    label: "Address of the SageMaker API",
    hint: "Left out: that of the region. A private endpoint has its own.",
    from: (settings) => `https://api.sagemaker.${text(settings, "region")}.amazonaws.com`,
  },
  signIn: [
    {
      id: "keys",
      title: "Access key of an IAM user",
      username: "Access key id",
      secret: { label: "Secret access key" },
    },
  ],
  settings: z.strictObject({ region: awsRegion }),
  prodAlias: { label: "Approval status that marks production", default: "Approved" },
  platform: () => "sagemaker",
  // Model groups are shown in Studio, which belongs to a domain; the console leads to it.
  modelUrl: (baseUrl) => {
    const region = regionOf(baseUrl);
    return region
      ? `https://${region}.console.aws.amazon.com/sagemaker/home?region=${region}`
      : "https://console.aws.amazon.com/sagemaker/home";
  },
};

const text = (settings: Settings, name: string): string => String(settings[name] ?? "");
