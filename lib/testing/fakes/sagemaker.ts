import { createHash, createHmac } from "node:crypto";
import {
  type Fake,
  type FakeAnswer,
  type FakeRequest,
  pageOf,
  type Scene,
  type SceneModel,
  startFake,
  type Vendor,
} from "./server";

export const sagemakerKeys = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI-K7MDENG-bPxRfiCYEXAMPLEKEY",
  region: "eu-central-1",
};
const account = "123456789012";
export const arn = (rest: string) => `arn:aws:sagemaker:${sagemakerKeys.region}:${account}:${rest}`;
const error = (status: number, __type: string, message: string): FakeAnswer => ({ status, json: { __type, message } });

/** SageMaker's JSON 1.1 protocol, with signatures checked as Signature Version 4 has it. */
export const startSagemakerFake = (scene: Scene): Promise<Fake> =>
  startFake(
    scene,
    awsVendor((request, fake) => sagemakerAnswer(actionOf(request), inputOf(request), fake)),
  );

/** How AWS's services that speak JSON let in, deny and fail, whatever they answer. */
export const awsVendor = (answer: Vendor["answer"]): Vendor => ({
  authorize: (request, fake) => unsigned(request, fake.skewMs),
  answer,
  expired: () => error(400, "ExpiredTokenException", "The security token included in the request is expired"),
  denied: (request) => {
    const needed = `${serviceOf(request) === "monitoring" ? "cloudwatch" : "sagemaker"}:${actionOf(request)}`;
    return error(
      400,
      "AccessDeniedException",
      `User: arn:aws:iam::${account}:user/countersign is not authorized to perform: ${needed} because no identity-based policy allows the ${needed} action`,
    );
  },
  throttled: error(429, "ThrottlingException", "Rate exceeded"),
  failed: error(500, "InternalFailure", "The request processing has failed because of an unknown error."),
  nameOf: actionOf,
});

const target = (request: FakeRequest): string => String(request.headers["x-amz-target"] ?? "");
const serviceOf = (request: FakeRequest) => (target(request).startsWith("SageMaker.") ? "sagemaker" : "monitoring");

export function actionOf(request: FakeRequest): string {
  return target(request).replace(/^.*\./, "");
}

export type Input = Record<string, unknown>;
export const inputOf = (request: FakeRequest): Input => {
  const value: unknown = JSON.parse(request.body || "{}");
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
};
const text = (value: unknown): string | null => (typeof value === "string" ? value : null);

type Version = SceneModel["versions"][number] & { approval?: string; noted?: Record<string, string> };
const seconds = (ms: number): number => ms / 1000;
const isApproved = (v: Version): boolean => v.aliases.includes("Approved");
/** SageMaker writes the group's name in small letters here. */
const packageArn = (model: string, version: string) => arn(`model-package/${model.toLowerCase()}/${version}`);

function summary(m: SceneModel, v: Version) {
  return {
    ModelPackageGroupName: m.name,
    ModelPackageVersion: Number(v.version),
    ModelPackageArn: packageArn(m.name, v.version),
    CreationTime: seconds(v.created),
    ModelPackageStatus: "Completed",
    ModelApprovalStatus: isApproved(v) ? "Approved" : "PendingManualApproval",
    ModelPackageRegistrationType: "Registered",
  };
}

function described(m: SceneModel, v: Version) {
  return {
    ...summary(m, v),
    ModelPackageStatusDetails: { ValidationStatuses: [] },
    LastModifiedTime: seconds(v.created),
    CreatedBy: { IamIdentity: { Arn: `arn:aws:sts::${account}:assumed-role/training/anna` } },
    ...(v.commit ? { MetadataProperties: { CommitId: v.commit, Repository: "https://git.example.com/models" } } : {}),
    CustomerMetadataProperties: { ...(v.digest ? { "countersign.digest": v.digest } : {}), ...v.noted },
    InferenceSpecification: {
      Containers: [
        {
          Image: `${account}.dkr.ecr.eu-central-1.amazonaws.com/xgboost:1.7-1`,
          ImageDigest: `sha256:${"5e".repeat(32)}`,
          ModelDataUrl: `s3://models/${m.name}/${v.version}/model.tar.gz`,
          ModelDataETag: "9b2cf535f27731c974343645a3985328",
          Framework: "XGBOOST",
          FrameworkVersion: "1.7",
        },
      ],
    },
    ...(v.bad ? { CreationTime: "yesterday" } : {}),
  };
}

export function sagemakerAnswer(action: string, input: Input, fake: Fake): FakeAnswer {
  const { scene } = fake;
  const asked = typeof input.MaxResults === "number" ? input.MaxResults : 10;
  const list = <T>(all: readonly T[], name: string): FakeAnswer => {
    const { items, next } = pageOf(all, text(input.NextToken), asked, fake);
    return { status: 200, json: { [name]: items, ...(next ? { NextToken: next } : {}) } };
  };
  const missing = (what: string) => error(400, "ValidationException", `Could not find ${what}`);
  switch (action) {
    case "ListModelPackageGroups":
      return list(
        scene.models.map((m) => ({
          ModelPackageGroupName: m.name,
          ModelPackageGroupArn: arn(`model-package-group/${m.name.toLowerCase()}`),
          ModelPackageGroupDescription: m.description,
          CreationTime: 1_700_000_000.25,
          ModelPackageGroupStatus: "Completed",
        })),
        "ModelPackageGroupSummaryList",
      );
    case "ListTags": {
      const model = scene.models.find((m) => input.ResourceArn === arn(`model-package-group/${m.name.toLowerCase()}`));
      return { status: 200, json: { Tags: Object.entries(model?.tags ?? {}).map(([Key, Value]) => ({ Key, Value })) } };
    }
    case "ListModelPackages": {
      const after = typeof input.CreationTimeAfter === "number" ? input.CreationTimeAfter * 1000 : 0;
      if (input.ModelPackageType !== "Versioned") return list([], "ModelPackageSummaryList");
      const all = scene.models
        .filter((m) => input.ModelPackageGroupName === undefined || input.ModelPackageGroupName === m.name)
        .flatMap((m) => m.versions.map((v) => ({ m, v })))
        .filter(({ v }) => v.created >= after && (input.ModelApprovalStatus !== "Approved" || isApproved(v)))
        .sort((a, b) => a.v.created - b.v.created);
      return list(
        all.map(({ m, v }) => summary(m, v)),
        "ModelPackageSummaryList",
      );
    }
    case "DescribeModelPackage":
    case "UpdateModelPackage": {
      const key = input.ModelPackageName ?? input.ModelPackageArn;
      for (const m of scene.models)
        for (const v of m.versions as Version[]) {
          if (packageArn(m.name, v.version) !== key) continue;
          if (action === "DescribeModelPackage") return { status: 200, json: described(m, v) };
          v.aliases = input.ModelApprovalStatus === "Approved" ? ["Approved"] : [];
          v.noted = { ...v.noted, ...Object.fromEntries(Object.entries(input.CustomerMetadataProperties ?? {})) };
          return { status: 200, json: { ModelPackageArn: key } };
        }
      return missing(`model package ${String(key)}`);
    }
    case "ListEndpoints":
      return list(
        scene.endpoints.map((e) => ({
          EndpointName: e.name,
          EndpointArn: arn(`endpoint/${e.name}`),
          CreationTime: 1_700_000_100,
          LastModifiedTime: 1_700_000_200.5,
          EndpointStatus: "InService",
        })),
        "Endpoints",
      );
    case "DescribeEndpoint": {
      const e = scene.endpoints.find((x) => x.name === input.EndpointName);
      if (!e) return missing("endpoint");
      const json = {
        EndpointName: e.name,
        EndpointArn: arn(`endpoint/${e.name}`),
        EndpointConfigName: `${e.name}-config`,
        EndpointStatus: "InService",
        CreationTime: 1_700_000_100,
        LastModifiedTime: 1_700_000_200.5,
        ProductionVariants: e.slots.map((s) => ({
          VariantName: s.slot,
          CurrentWeight: s.percent / 50,
          DesiredWeight: s.percent / 50,
          CurrentInstanceCount: 1,
        })),
      };
      return { status: 200, json };
    }
    case "DescribeEndpointConfig": {
      const e = scene.endpoints.find((x) => `${x.name}-config` === input.EndpointConfigName);
      if (!e) return missing("endpoint configuration");
      const json = {
        EndpointConfigName: input.EndpointConfigName,
        EndpointConfigArn: arn(`endpoint-config/${e.name}-config`),
        CreationTime: 1_700_000_100,
        ProductionVariants: e.slots.map((s) => ({
          VariantName: s.slot,
          ModelName: `${s.model}-${s.version}`,
          InitialVariantWeight: 1,
          InitialInstanceCount: 1,
          InstanceType: "ml.m5.large",
        })),
      };
      return { status: 200, json };
    }
    case "DescribeModel": {
      const slot = scene.endpoints.flatMap((e) => e.slots).find((s) => `${s.model}-${s.version}` === input.ModelName);
      if (!slot) return missing("model");
      const json = {
        ModelName: input.ModelName,
        ModelArn: arn(`model/${String(input.ModelName)}`),
        CreationTime: 1_700_000_050,
        PrimaryContainer: { ModelPackageName: packageArn(slot.model, slot.version) },
      };
      return { status: 200, json };
    }
    default:
      return error(400, "UnknownOperationException", `No operation ${action}.`);
  }
}

const sha256 = (value: string): string => createHash("sha256").update(value).digest("hex");
const hmac = (key: string | Buffer, value: string): Buffer => createHmac("sha256", key).update(value).digest();

/** Why the signature does not hold (docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html), or null. */
function unsigned(request: FakeRequest, skewMs: number): FakeAnswer | null {
  const given =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/(\w+)\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      String(request.headers.authorization),
    );
  const [, id, date = "", region = "", service = "", signed = "", signature] = given ?? [];
  const stamp = String(request.headers["x-amz-date"]);
  if (id !== sagemakerKeys.accessKeyId)
    return error(400, "UnrecognizedClientException", "The security token included in the request is invalid.");
  const at = Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  if (!(Math.abs(at - Date.now() - skewMs) <= 5 * 60_000))
    return error(400, "InvalidSignatureException", `Signature expired: ${stamp} is too far from now.`);
  const headers = signed.split(";").map((name) => `${name}:${String(request.headers[name]).trim()}\n`);
  const query = request.url.search.slice(1);
  const canonical = [request.method, request.url.pathname, query, headers.join(""), signed, sha256(request.body)].join(
    "\n",
  );
  const scope = `${date}/${region}/${service}/aws4_request`;
  const key = [service, "aws4_request"].reduce(
    (k, part) => hmac(k, part),
    hmac(hmac(`AWS4${sagemakerKeys.secretAccessKey}`, date), region),
  );
  const expected = hmac(key, ["AWS4-HMAC-SHA256", stamp, scope, sha256(canonical)].join("\n")).toString("hex");
  return expected === signature && service === serviceOf(request)
    ? null
    : error(
        400,
        "InvalidSignatureException",
        "The request signature we calculated does not match the one you provided.",
      );
}
