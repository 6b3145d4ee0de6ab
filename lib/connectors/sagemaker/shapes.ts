import { z } from "zod";

/**
 * What SageMaker answers (botocore's service model of API version 2017-07-24; JSON 1.1). Unknown fields stay in the raw record;
 * a wrong shape where it would be read as "nothing there" is a fault.
 */

/** JSON 1.1 counts instants in seconds since 1970, with a fraction. */
const instant = z
  .number()
  .min(0)
  .max(8_640_000_000_000)
  .transform((s) => new Date(Math.round(s * 1000)).toISOString());
const text = z.string().nullish();
const nextToken = z
  .string()
  .nullish()
  .transform((v) => v || null);

export const groupShape = z.looseObject({
  ModelPackageGroupName: z.string().min(1),
  ModelPackageGroupArn: z.string().min(1),
  ModelPackageGroupDescription: text,
  CreationTime: instant,
  ModelPackageGroupStatus: text,
});
export type Group = z.output<typeof groupShape>;

export const summaryShape = z.looseObject({
  ModelPackageArn: z.string().min(1),
  ModelPackageGroupName: z.string().min(1),
  ModelPackageVersion: z.number().int(),
  CreationTime: instant,
  ModelPackageStatus: z.string(),
  ModelApprovalStatus: text,
  ModelLifeCycle: z.looseObject({ Stage: text, StageStatus: text }).nullish(),
});
export type Summary = z.output<typeof summaryShape>;

const who = z
  .looseObject({
    UserProfileName: text,
    IamIdentity: z.looseObject({ Arn: text }).nullish(),
  })
  .nullish();

const containerShape = z.looseObject({
  Image: text,
  ImageDigest: text,
  ModelDataUrl: text,
  ModelDataETag: text,
  Framework: text,
  FrameworkVersion: text,
  ModelDataSource: z.looseObject({ S3DataSource: z.looseObject({ S3Uri: text, ETag: text }).nullish() }).nullish(),
});

export const packageShape = z.looseObject({
  ModelPackageArn: z.string().min(1),
  ModelPackageGroupName: z.string().min(1),
  ModelPackageVersion: z.number().int(),
  ModelPackageDescription: text,
  CreationTime: instant,
  LastModifiedTime: instant.nullish(),
  ModelPackageStatus: z.string(),
  ModelApprovalStatus: text,
  ApprovalDescription: text,
  SourceUri: text,
  CreatedBy: who,
  MetadataProperties: z.looseObject({ CommitId: text, Repository: text, GeneratedBy: text, ProjectId: text }).nullish(),
  CustomerMetadataProperties: z.record(z.string(), z.string()).nullish(),
  ModelLifeCycle: z.looseObject({ Stage: text, StageStatus: text, StageDescription: text }).nullish(),
  InferenceSpecification: z.looseObject({ Containers: z.array(containerShape).nullish() }).nullish(),
});
export type Package = z.output<typeof packageShape>;

/** What tells which version a served package is; its ARN may be in other letters than its group. */
export const servedShape = z.looseObject({
  ModelPackageGroupName: z.string().min(1),
  ModelPackageVersion: z.number().int(),
});

/** Lists whose records are checked one by one, so that one bad record does not hide the others. */
export const groupsPage = z.object({ ModelPackageGroupSummaryList: z.array(z.unknown()), NextToken: nextToken });
export const packagesPage = z.object({ ModelPackageSummaryList: z.array(z.unknown()), NextToken: nextToken });
export const endpointsPage = z.object({ Endpoints: z.array(z.unknown()), NextToken: nextToken });
export const tagsPage = z.object({
  Tags: z.array(z.object({ Key: z.string(), Value: z.string() })).nullish(),
  NextToken: nextToken,
});

export const endpointSummaryShape = z.looseObject({ EndpointName: z.string().min(1), EndpointStatus: z.string() });

const variant = z.looseObject({
  VariantName: z.string().min(1),
  CurrentWeight: z.number().nullish(),
});
export const endpointShape = z.looseObject({
  EndpointName: z.string().min(1),
  EndpointArn: z.string().min(1),
  EndpointConfigName: text,
  EndpointStatus: z.string(),
  LastModifiedTime: instant,
  ProductionVariants: z.array(variant).nullish(),
  ShadowProductionVariants: z.array(variant).nullish(),
});
export type Endpoint = z.output<typeof endpointShape>;

const configVariant = z.looseObject({
  VariantName: z.string().min(1),
  ModelName: text,
  InitialVariantWeight: z.number().nullish(),
});
export const endpointConfigShape = z.looseObject({
  EndpointConfigName: z.string(),
  ProductionVariants: z.array(configVariant).nullish(),
  ShadowProductionVariants: z.array(configVariant).nullish(),
});
export type EndpointConfig = z.output<typeof endpointConfigShape>;

const modelContainer = z.looseObject({ ModelPackageName: text, ModelDataUrl: text, Image: text });
export const modelShape = z.looseObject({
  ModelName: z.string(),
  PrimaryContainer: modelContainer.nullish(),
  Containers: z.array(modelContainer).nullish(),
});
export type Model = z.output<typeof modelShape>;

/** Model Monitor: schedules of an endpoint, and what their executions came to. */
export const schedulesPage = z.object({ MonitoringScheduleSummaries: z.array(z.unknown()), NextToken: nextToken });
export const scheduleSummaryShape = z.looseObject({
  MonitoringScheduleName: z.string().min(1),
  MonitoringScheduleStatus: z.string(),
  /** Left out by schedules made before the types were; those watch the data. */
  MonitoringType: z
    .string()
    .nullish()
    .transform((v) => v ?? "DataQuality"),
});
export const scheduleShape = z.looseObject({
  MonitoringScheduleConfig: z.looseObject({
    ScheduleConfig: z.looseObject({ ScheduleExpression: text }).nullish(),
  }),
});
export const executionsPage = z.object({ MonitoringExecutionSummaries: z.array(z.unknown()), NextToken: nextToken });
export const executionShape = z.looseObject({
  MonitoringScheduleName: z.string().min(1),
  ScheduledTime: instant,
  LastModifiedTime: instant,
  MonitoringExecutionStatus: z.string(),
  FailureReason: text,
});
export type Execution = z.output<typeof executionShape>;

export const updated = z.looseObject({ ModelPackageArn: z.string() });
