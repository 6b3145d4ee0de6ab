/** What went wrong after a change, as it was reported. */
export const mishaps: readonly [Mishap, ...Mishap[]] = [
  {
    title: "Scores shifted by a third overnight",
    severity: 2,
    intervention: "rollback",
    cause: "A source table changed its unit from cents to euros; the gate on ranges was set to warn.",
  },
  {
    title: "p99 latency doubled under peak load",
    severity: 3,
    intervention: "rollback",
    cause: "The new model loaded one feature per request that used to come in bulk.",
  },
  {
    title: "Missing values treated as zero",
    severity: 2,
    intervention: "hotfix",
    cause: "A default in the new client library.",
  },
  {
    title: "One region served the previous version",
    severity: 3,
    intervention: "traffic_shift",
    cause: "A stale image in the second zone; the digest check ran in the first only.",
  },
  {
    title: "Alert volume fell to nothing",
    severity: 2,
    intervention: "rollback",
    cause: "The threshold was fitted on a calibrated score and applied to a raw one.",
  },
  {
    title: "Batch finished after the business day began",
    severity: 3,
    intervention: "hotfix",
    cause: "A join without the partition column.",
  },
  {
    title: "Error share above the abort rule at five percent",
    severity: 3,
    intervention: "rollback",
    cause: "Abort rule stopped the rollout as it should; the training window held a bank holiday.",
  },
  {
    title: "Explanations named the wrong feature",
    severity: 3,
    intervention: "disable",
    cause: "Feature order differed between training and serving by one column.",
  },
];

type Mishap = {
  title: string;
  severity: 1 | 2 | 3 | 4;
  intervention: "rollback" | "hotfix" | "disable" | "traffic_shift";
  cause: string;
};
