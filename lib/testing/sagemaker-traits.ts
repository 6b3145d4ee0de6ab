import type { ContractTraits } from "./registry-contract";

const lists: Readonly<Record<string, string>> = {
  "SageMaker.ListModelPackageGroups": "ModelPackageGroupSummaryList",
  "SageMaker.ListModelPackages": "ModelPackageSummaryList",
  "SageMaker.ListEndpoints": "Endpoints",
};

/** How SageMaker's API writes its lists and its refusals, for the contract of a registry. */
export const sagemakerTraits: ContractTraits = {
  list: ({ headers }) => lists[String(headers["x-amz-target"])] ?? null,
  key: (r) => String(r.ModelPackageArn ?? r.ModelPackageGroupName ?? r.EndpointName),
  spoil: (r) => ({ ...r, CreationTime: "yesterday", EndpointStatus: 5 }),
  paging: { body: "NextToken", answer: "NextToken" },
  forbidden: {
    status: 400,
    body: {
      __type: "AccessDeniedException",
      Message:
        "User: arn:aws:iam::123456789012:user/countersign is not authorized to perform: sagemaker:ListModelPackageGroups because no identity-based policy allows the sagemaker:ListModelPackageGroups action",
    },
    named: /sagemaker:ListModelPackageGroups/,
  },
  unauthorized: {
    status: 400,
    body: { __type: "ExpiredTokenException", message: "The security token included in the request is expired" },
  },
  renews: true,
};
