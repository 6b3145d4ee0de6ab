import { AwsV4Signer } from "aws4fetch";
import type { Scene } from "./fakes/server";
import { freePort } from "./free-port";
import { serve } from "./live-server";

/** Why tests against moto cannot run here, or null. In CI they must: there the reason is thrown. */
export function motoMissing(): string | null {
  if (process.env.MOTO_BIN) return null;
  const reason = "moto is not installed; `node scripts/live-tools.mjs` installs it and prints MOTO_BIN.";
  if (process.env.CI) throw new Error(reason);
  return reason;
}

export type Moto = Awaited<ReturnType<typeof startMoto>>;

/** A moto server (a working imitation of AWS, from PyPI) on a free port, with nothing in it. */
export async function startMoto(): Promise<{
  url: string;
  /** Call SageMaker and CloudWatch as AWS's own clients do; for setting a scene. */
  aws: (action: string, body: Readonly<Record<string, unknown>>) => Promise<Record<string, unknown>>;
  cloudWatch: (action: string, body: Readonly<Record<string, unknown>>) => Promise<Record<string, unknown>>;
  stop: () => Promise<void>;
}> {
  const binary = process.env.MOTO_BIN;
  if (!binary) throw new Error("MOTO_BIN is not set; see motoMissing().");
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = await serve("moto_server", {
    command: binary,
    args: ["-H", "127.0.0.1", "-p", String(port)],
    ready: `${url}/moto-api/`,
  });
  const call =
    (service: string, version: string, target: string) =>
    async (action: string, body: Readonly<Record<string, unknown>>) => {
      const signed = await new AwsV4Signer({
        method: "POST",
        url,
        headers: { "content-type": `application/x-amz-json-${version}`, "x-amz-target": `${target}.${action}` },
        body: JSON.stringify(body),
        ...motoKeys,
        service,
        region: "eu-central-1",
      }).sign();
      const answer = await fetch(signed.url, {
        method: "POST",
        headers: signed.headers,
        body: JSON.stringify(body),
      });
      const said: unknown = await answer.json().catch(() => ({}));
      if (!answer.ok || typeof said !== "object" || said === null)
        throw new Error(`${action}: ${answer.status} ${JSON.stringify(said)}`);
      return Object.fromEntries(Object.entries(said));
    };
  return {
    url,
    aws: call("sagemaker", "1.1", "SageMaker"),
    cloudWatch: call("monitoring", "1.0", "GraniteServiceVersion20100801"),
    stop: server.stop,
  };
}

/** The scene as AWS's own calls make it. */
export async function seedMoto({ aws }: Moto, scene: Scene): Promise<void> {
  const arns = new Map<string, string>();
  for (const m of scene.models) {
    await aws("CreateModelPackageGroup", {
      ModelPackageGroupName: m.name,
      ...(m.description ? { ModelPackageGroupDescription: m.description } : {}),
      Tags: Object.entries(m.tags).map(([Key, Value]) => ({ Key, Value })),
    });
    for (const [i, v] of m.versions.entries()) {
      const made = await aws("CreateModelPackage", {
        ModelPackageGroupName: m.name,
        ModelApprovalStatus: v.aliases.includes("Approved") ? "Approved" : "PendingManualApproval",
        InferenceSpecification: {
          Containers: [
            {
              Image: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/xgboost:1.7-1",
              ImageDigest: `sha256:${"5e".repeat(32)}`,
              ModelDataUrl: `s3://models/${m.name}/${i + 1}/model.tar.gz`,
              Framework: "XGBOOST",
              FrameworkVersion: "1.7",
            },
          ],
          SupportedContentTypes: ["text/csv"],
          SupportedResponseMIMETypes: ["text/csv"],
        },
        ...(v.commit
          ? { MetadataProperties: { CommitId: v.commit, Repository: "https://git.example.com/models" } }
          : {}),
        CustomerMetadataProperties: v.digest ? { "countersign.digest": v.digest } : {},
      });
      arns.set(`${m.name}-${v.version}`, String(made.ModelPackageArn));
    }
  }
  for (const e of scene.endpoints) {
    for (const s of e.slots)
      await aws("CreateModel", {
        ModelName: `${s.model}-${s.version}`,
        PrimaryContainer: { ModelPackageName: arns.get(`${s.model}-${s.version}`) },
        ExecutionRoleArn: "arn:aws:iam::123456789012:role/serving",
      });
    await aws("CreateEndpointConfig", {
      EndpointConfigName: `${e.name}-config`,
      ProductionVariants: e.slots.map((s) => ({
        VariantName: s.slot,
        ModelName: `${s.model}-${s.version}`,
        InitialInstanceCount: 1,
        InstanceType: "ml.m5.large",
        InitialVariantWeight: s.percent / 50,
      })),
    });
    await aws("CreateEndpoint", { EndpointName: e.name, EndpointConfigName: `${e.name}-config` });
  }
}

/** moto takes any keys. */
export const motoKeys = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI-K7MDENG-bPxRfiCYEXAMPLEKEY",
};
