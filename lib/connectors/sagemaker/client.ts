import "server-only";
import type { z } from "zod";
import { config } from "@/lib/config/config";
import { UpstreamFault } from "@/lib/connectors/fault";
import { type HttpLimits, httpClient } from "@/lib/connectors/http";
import { type AwsKeys, sigV4 } from "@/lib/connectors/sigv4";
import { regionOf } from "./region";
import {
  endpointConfigShape,
  endpointShape,
  endpointsPage,
  executionsPage,
  groupsPage,
  modelShape,
  packagesPage,
  scheduleShape,
  schedulesPage,
  tagsPage,
  updated,
} from "./shapes";

/** Where SageMaker is in one region, and the keys of an IAM user. */
export type SagemakerTarget = AwsKeys & {
  /** https://api.sagemaker.REGION.amazonaws.com, or a private endpoint with its region given. */
  baseUrl: string;
  region: string | null;
};

export type SagemakerClient = ReturnType<typeof sagemakerClient>;

/** The part of SageMaker's API that Countersign uses (docs.aws.amazon.com/sagemaker/latest/APIReference). */
export function sagemakerClient(target: SagemakerTarget, limits: Partial<HttpLimits> = {}) {
  const named = regionOf(target.baseUrl);
  if (named !== null && target.region !== null && named !== target.region)
    throw new UpstreamFault(
      "blocked",
      `The address is that of the region ${named}, the settings say ${target.region}. Give the address of that region, or none.`,
    );
  const region = named ?? target.region;
  if (region === null)
    throw new UpstreamFault(
      "blocked",
      `The address ${target.baseUrl} names no AWS region. Give one as in https://api.sagemaker.eu-central-1.amazonaws.com, or the region beside it.`,
    );
  const cap = { timeoutMs: config().connectorTimeoutMs, ...limits };
  const http = httpClient(
    "Amazon SageMaker",
    target.baseUrl,
    sigV4(target, "sagemaker", region, () => http),
    cap,
  );

  const call = <S extends z.ZodType>(action: string, body: Readonly<Record<string, unknown>>, schema: S) =>
    http.json(
      {
        method: "POST",
        path: "/",
        body,
        headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": `SageMaker.${action}` },
        what: action,
        permission: `sagemaker:${action}`,
        // Reads, and an approval that may be given twice.
        repeatable: true,
      },
      schema,
    );
  const page = (token: string | null, max: number) => ({
    MaxResults: Math.min(max, 100),
    SortBy: "CreationTime",
    SortOrder: "Ascending",
    ...(token ? { NextToken: token } : {}),
  });

  return {
    region,
    /** Model package groups, oldest first. */
    groups: (token: string | null, max = 100) => call("ListModelPackageGroups", page(token, max), groupsPage),
    /** Versions of every group, oldest first; `createdAfter` in milliseconds. */
    packages: (token: string | null, createdAfter: number | null = null, max = 100) =>
      call(
        "ListModelPackages",
        {
          ...page(token, max),
          ModelPackageType: "Versioned",
          ...(createdAfter === null ? {} : { CreationTimeAfter: createdAfter / 1000 }),
        },
        packagesPage,
      ),
    /** Approved versions, of every group or of one. */
    approved: (token: string | null, group: string | null) =>
      call(
        "ListModelPackages",
        {
          ...page(token, 100),
          ModelPackageType: "Versioned",
          ModelApprovalStatus: "Approved",
          ...(group === null ? {} : { ModelPackageGroupName: group }),
        },
        packagesPage,
      ),
    versionsOf: (group: string, token: string | null) =>
      call(
        "ListModelPackages",
        { ...page(token, 100), ModelPackageType: "Versioned", ModelPackageGroupName: group },
        packagesPage,
      ),
    package: <S extends z.ZodType>(arn: string, schema: S) =>
      call("DescribeModelPackage", { ModelPackageName: arn }, schema),
    endpoints: (token: string | null, max = 100) => call("ListEndpoints", page(token, max), endpointsPage),
    endpoint: (name: string) => call("DescribeEndpoint", { EndpointName: name }, endpointShape),
    endpointConfig: (name: string) => call("DescribeEndpointConfig", { EndpointConfigName: name }, endpointConfigShape),
    model: (name: string) => call("DescribeModel", { ModelName: name }, modelShape),
    tags: (arn: string) => call("ListTags", { ResourceArn: arn, MaxResults: 50 }, tagsPage),
    /** Monitoring schedules of an endpoint. */
    schedules: (endpoint: string, token: string | null) =>
      call("ListMonitoringSchedules", { ...page(token, 100), EndpointName: endpoint }, schedulesPage),
    schedule: (name: string) => call("DescribeMonitoringSchedule", { MonitoringScheduleName: name }, scheduleShape),
    /** Executions of a schedule, newest first. */
    executions: (schedule: string, token: string | null, max: number) =>
      call(
        "ListMonitoringExecutions",
        {
          ...page(token, max),
          MonitoringScheduleName: schedule,
          SortBy: "ScheduledTime",
          SortOrder: "Descending",
        },
        executionsPage,
      ),
    /** Sets a version's approval, with why, and its customer metadata: all of it, since a server may replace what was there. */
    setApproval: (
      arn: string,
      status: "Approved" | "PendingManualApproval",
      description: string,
      metadata: Record<string, string>,
    ) =>
      call(
        "UpdateModelPackage",
        {
          ModelPackageArn: arn,
          ModelApprovalStatus: status,
          ApprovalDescription: description.slice(0, 1024),
          CustomerMetadataProperties: metadata,
        },
        updated,
      ),
    skewMs: http.skewMs,
    close: http.close,
  };
}

/** SageMaker answers a name it does not know with a ValidationException. */
export const gone = (error: unknown): boolean =>
  error instanceof UpstreamFault &&
  (error.kind === "not_found" || (error.kind === "rejected" && error.upstreamCode === "ValidationException"));
