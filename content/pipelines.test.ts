import { type CelInput, celEnv, isCelError, parse, plan } from "@bufbuild/cel";
import { expect, test } from "vitest";
import { z } from "zod";
import { loadContent, newest, newestOfEach, type Pipeline } from "@/lib/content/load";
import { fileOf, stepOf, yamlOf } from "@/lib/testing/pipeline-steps";

const pipelines = newestOfEach(loadContent().pipelines);
const each = pipelines.map((p) => [p.id, p] as const);
function pipeline(id: string): Pipeline {
  const found = newest(pipelines, id);
  if (!found) throw new Error(`There is no ${id}.`);
  return found;
}

const text = z.string().min(1);
const texts = z.array(text);
const env = z.record(z.string().regex(/^[A-Z][A-Z0-9_]*$/), text);

test.each(each)("%s: says what to set up, and its files name one portal, which the page replaces", (_id, p) => {
  const readme = fileOf(p, "README.md");
  for (const said of ["portal.pub", "gate:check", "API token for this"]) expect(readme).toContain(said);
  expect(p.files.map((f) => f.path)).toContain(p.begin);
  expect(p.files.some((f) => f.text.includes("https://countersign.example"))).toBe(true);
});

test.each(each)(
  "%s: the step hashes, asks about that hash, pins the key, and nothing takes the edge off a failure",
  (_id, p) => {
    const { script } = stepOf(p);
    const lines = script.split("\n").map((l) => l.trim());
    expect(lines.find((l) => !l.startsWith("#"))).toBe("set -eu");
    expect(script).toMatch(
      /digest="\$\(sha256sum \S+ \| cut -d ' ' -f 1\)"[\s\S]*gate (check|wait) [^\n]*--digest "\$digest" --env prod[\s\S]*--key \S+portal\.pub/,
    );
    expect(script).not.toMatch(/\|\||set \+e|--token|[;&]\s*true|\$\{\{/);
    for (const file of p.files.filter((f) => f.path !== "README.md"))
      expect(file.text).not.toMatch(
        /continue-on-error|continueOnError|allow_failure: true|returnStatus|always\(\)|failurePolicy: Ignore|cs_[a-z0-9]{8}/i,
      );
  },
);

const step = z.strictObject({
  name: text.optional(),
  id: text.optional(),
  uses: z
    .string()
    .regex(/^[\w-]+\/[\w-]+@v\d+$/)
    .optional(),
  with: z.record(text, z.union([z.string(), z.number(), z.boolean()])).optional(),
  run: text.optional(),
  env: env.optional(),
});
const Workflow = z.strictObject({
  name: text,
  on: z.strictObject({ push: z.strictObject({ tags: texts }) }),
  permissions: z.strictObject({ contents: z.literal("read") }),
  concurrency: z.strictObject({ group: text }),
  jobs: z.record(
    text,
    z.strictObject({
      needs: text.optional(),
      "runs-on": text,
      "timeout-minutes": z.number(),
      environment: text.optional(),
      outputs: z.record(text, text).optional(),
      steps: z.array(step),
    }),
  ),
});

test("GitHub Actions: a workflow of known keys, whose deployment needs the gate and checks the bytes", () => {
  const p = pipeline("github-actions");
  const { jobs } = Workflow.parse(yamlOf(p, p.begin)[0]);
  expect(jobs.deploy?.needs).toBe("gate");
  expect(jobs.gate?.needs).toBe("build");
  expect(jobs.gate?.environment).toBe("prod");
  expect(jobs.deploy?.steps.at(-1)).toMatchObject({
    env: { DIGEST: expect.stringContaining("needs.gate.outputs.digest") },
    run: expect.stringContaining("sha256sum --check --strict"),
  });
  for (const { steps } of Object.values(jobs))
    for (const s of steps) {
      expect([s.uses, s.run].filter((x) => x !== undefined)).toHaveLength(1);
      // An expression inside a script is code that somebody else writes.
      expect(s.run ?? "").not.toContain("${{");
    }
  expect(stepOf(p).env.COUNTERSIGN_TOKEN).toMatch(/^\$\{\{ secrets\.COUNTERSIGN_TOKEN \}\}$/);
});

const gitlabJob = z.strictObject({
  stage: text,
  image: text,
  needs: texts.optional(),
  timeout: text.optional(),
  allow_failure: z.literal(false).optional(),
  variables: env.optional(),
  script: texts,
  artifacts: z.strictObject({ paths: texts }).optional(),
  environment: text.optional(),
  resource_group: text.optional(),
});

test("GitLab CI: jobs of known keywords, whose deployment needs the gate by name and checks the bytes", () => {
  const p = pipeline("gitlab-ci");
  const top = z.object({
    stages: texts,
    workflow: z.strictObject({ rules: z.array(z.strictObject({ if: text })) }),
  });
  const { stages, workflow: _workflow, ...jobs } = z.looseObject(top.shape).parse(yamlOf(p, p.begin)[0]);
  const parsed = z.record(text, gitlabJob).parse(jobs);
  expect(Object.values(parsed).map((j) => j.stage)).toEqual(stages);
  expect(parsed.deploy?.needs).toContain("countersign-gate");
  expect(parsed.deploy?.script[0]).toBe("sha256sum --check --strict allowed.sha256");
  expect(parsed["countersign-gate"]?.allow_failure).toBe(false);
});

const azureStep = z.union([
  z.strictObject({ bash: text, name: text.optional(), displayName: text.optional(), env: env.optional() }),
  z.strictObject({ publish: text, artifact: text }),
  z.strictObject({ download: z.literal("current"), artifact: text }),
  z.strictObject({ checkout: z.literal("self") }),
  z.strictObject({ task: z.string().regex(/^\w+@\d+$/), inputs: z.record(text, text) }),
]);
const steps = z.array(azureStep);
const Azure = z.strictObject({
  trigger: z.strictObject({ tags: z.strictObject({ include: texts }) }),
  pr: z.literal("none"),
  pool: z.strictObject({ vmImage: text }),
  variables: z.array(z.strictObject({ group: text })),
  stages: z.array(
    z.strictObject({
      stage: text,
      dependsOn: text.optional(),
      condition: z.literal("succeeded()").optional(),
      variables: z.array(z.strictObject({ name: text, value: text })).optional(),
      jobs: z.array(
        z.union([
          z.strictObject({ job: text, timeoutInMinutes: z.number().optional(), steps }),
          z.strictObject({
            deployment: text,
            environment: text,
            strategy: z.strictObject({ runOnce: z.strictObject({ deploy: z.strictObject({ steps }) }) }),
          }),
        ]),
      ),
    }),
  ),
});

test("Azure DevOps: stages of known keys, whose deployment depends on the gate and reads its output by the right path", () => {
  const p = pipeline("azure-devops");
  const { stages } = Azure.parse(yamlOf(p, p.begin)[0]);
  expect(stages.map((s) => [s.stage, s.dependsOn])).toEqual([
    ["build", undefined],
    ["gate", "build"],
    ["deploy", "gate"],
  ]);
  const [ask] = stages[1]?.jobs ?? [];
  const named = ask && "steps" in ask ? ask.steps.flatMap((s) => ("bash" in s && s.name ? [s.name] : [])) : [];
  expect(stages[2]?.variables?.[0]?.value).toBe(`$[ stageDependencies.gate.ask.outputs['${named[0]}.digest'] ]`);
  // A secret is no variable of the environment by itself.
  expect(stepOf(p).env.COUNTERSIGN_TOKEN).toBe("$(COUNTERSIGN_TOKEN)");
});

test("Jenkins: a declarative pipeline with its brackets closed, the token bound around the step in single quotes", () => {
  const p = pipeline("jenkins");
  const source = fileOf(p, p.begin);
  const code = source
    .replace(/'''[\s\S]*?'''/g, "''")
    .replace(/\/\/.*$/gm, "")
    .replace(/'[^'\n]*'/g, "");
  expect([...code.matchAll(/\{/g)]).toHaveLength([...code.matchAll(/\}/g)].length);
  expect(code).not.toContain('"');
  expect(code.match(/^ {2}\w+/gm)?.map((s) => s.trim())).toEqual(["agent", "options", "environment", "stages"]);
  expect(source).toMatch(
    /withCredentials\(\[string\(credentialsId: 'countersign-token', variable: 'COUNTERSIGN_TOKEN'\)\]\) \{\s*sh '''/,
  );
  expect(source.indexOf("stage('Ask the gate')")).toBeLessThan(source.indexOf("stage('Deploy')"));
  expect(source).toContain("sh 'sha256sum --check --strict allowed.sha256'");
});

const locked = z.strictObject({
  allowPrivilegeEscalation: z.literal(false),
  readOnlyRootFilesystem: z.literal(true),
  capabilities: z.strictObject({ drop: z.tuple([z.literal("ALL")]) }),
});
const Container = z.strictObject({
  name: text,
  image: text,
  command: texts.optional(),
  args: texts.optional(),
  env: z
    .array(
      z.strictObject({
        name: text,
        value: text.optional(),
        valueFrom: z.strictObject({ secretKeyRef: z.strictObject({ name: text, key: text }) }).optional(),
      }),
    )
    .optional(),
  ports: z.array(z.strictObject({ containerPort: z.number() })).optional(),
  volumeMounts: z.array(z.strictObject({ name: text, mountPath: text, readOnly: z.boolean().optional() })),
  securityContext: locked,
  resources: z.strictObject({ requests: z.record(text, text), limits: z.record(text, text) }).optional(),
});
const PodSpec = z.strictObject({
  restartPolicy: z.literal("Never").optional(),
  automountServiceAccountToken: z.literal(false),
  securityContext: z.strictObject({
    runAsNonRoot: z.literal(true),
    runAsUser: z.number(),
    seccompProfile: z.strictObject({ type: z.literal("RuntimeDefault") }),
  }),
  volumes: z.array(z.strictObject({ name: text, emptyDir: z.strictObject({ sizeLimit: text }) })),
  initContainers: z.array(Container),
  containers: z.array(Container),
});
type PodSpec = z.output<typeof PodSpec>;
const byDigest = /^registry\.example\/[\w-]+@sha256:[0-9a-f]{64}$/;

test("Argo CD: a Job that is a PreSync hook, ends at its first failure, and takes the token from a Secret", () => {
  const p = pipeline("argo-cd");
  const job = z
    .strictObject({
      apiVersion: z.literal("batch/v1"),
      kind: z.literal("Job"),
      metadata: z.strictObject({ name: text, annotations: z.record(text, text) }),
      spec: z.strictObject({
        backoffLimit: z.literal(0),
        activeDeadlineSeconds: z.number(),
        template: z.strictObject({ spec: PodSpec }),
      }),
    })
    .parse(yamlOf(p, p.begin)[0]);
  expect(job.metadata.annotations).toEqual({
    "argocd.argoproj.io/hook": "PreSync",
    "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation",
  });
  const [gate] = job.spec.template.spec.containers;
  expect(gate?.image).toMatch(byDigest);
  expect(gate?.env?.find((e) => e.name === "COUNTERSIGN_TOKEN")?.valueFrom?.secretKeyRef).toBeDefined();
  // The Job outlives the wait, or the reason is never read.
  const minutes = Number(/^(\d+)m$/.exec(stepOf(p).env.WAIT ?? "")?.[1]);
  expect(job.spec.activeDeadlineSeconds).toBeGreaterThan(minutes * 60 + 300);
});

const Policy = z.strictObject({
  apiVersion: z.literal("admissionregistration.k8s.io/v1"),
  kind: z.literal("ValidatingAdmissionPolicy"),
  metadata: z.strictObject({ name: text }),
  spec: z.strictObject({
    failurePolicy: z.literal("Fail"),
    matchConstraints: z.strictObject({
      resourceRules: z.array(
        z.strictObject({ apiGroups: z.array(z.string()), apiVersions: texts, operations: texts, resources: texts }),
      ),
    }),
    variables: z.array(z.strictObject({ name: text, expression: text })),
    validations: z.array(z.strictObject({ expression: text, message: text })),
  }),
});
const Binding = z.strictObject({
  apiVersion: z.literal("admissionregistration.k8s.io/v1"),
  kind: z.literal("ValidatingAdmissionPolicyBinding"),
  metadata: z.strictObject({ name: text }),
  spec: z.strictObject({
    policyName: text,
    validationActions: z.array(z.enum(["Deny", "Audit", "Warn"])),
    matchResources: z.strictObject({
      namespaceSelector: z.strictObject({ matchLabels: z.record(text, text) }),
    }),
  }),
});

function admission(): z.output<typeof Policy> {
  const [policy, binding] = yamlOf(pipeline("kubernetes-admission"), "admission-policy.yaml");
  const parsed = Policy.parse(policy);
  expect(Binding.parse(binding).spec).toMatchObject({
    policyName: parsed.metadata.name,
    validationActions: ["Deny", "Audit"],
  });
  return parsed;
}

function server(): PodSpec {
  const [deployment] = yamlOf(pipeline("kubernetes-admission"), "deployment.yaml");
  return z
    .strictObject({
      apiVersion: z.literal("apps/v1"),
      kind: z.literal("Deployment"),
      metadata: z.strictObject({ name: text }),
      spec: z.strictObject({
        replicas: z.number(),
        selector: z.strictObject({ matchLabels: z.record(text, text) }),
        template: z.strictObject({
          metadata: z.strictObject({ labels: z.record(text, text) }),
          spec: PodSpec,
        }),
      }),
    })
    .parse(deployment).spec.template.spec;
}

/** The messages of the rules that a pod breaks, with the expressions really evaluated. */
function refusals(pod: Record<string, unknown>): string[] {
  // As the API server has it: nothing that JSON cannot say.
  const spec: CelInput = JSON.parse(JSON.stringify(pod));
  const policy = admission();
  const cel = celEnv();
  const run = (expression: string, variables: Record<string, CelInput>) => {
    const value = plan(cel, parse(expression))({ object: { spec }, variables });
    // An error is a refusal, under failurePolicy Fail.
    return isCelError(value) ? null : value;
  };
  const variables: Record<string, CelInput> = {};
  for (const { name, expression } of policy.spec.variables) variables[name] = run(expression, variables);
  return policy.spec.validations.filter((v) => run(v.expression, variables) !== true).map((v) => v.message);
}

test("Kubernetes: the admission policy matches pods at every way in, and lets the example pass", () => {
  expect(admission().spec.matchConstraints.resourceRules).toEqual([
    {
      apiGroups: [""],
      apiVersions: ["v1"],
      operations: ["CREATE", "UPDATE"],
      resources: ["pods", "pods/ephemeralcontainers"],
    },
  ]);
  expect(refusals(server())).toEqual([]);
});

const bent: [string, (spec: PodSpec) => Record<string, unknown>, RegExp][] = [
  ["no gate", (s) => ({ ...s, initContainers: [s.initContainers[0]] }), /last init container/],
  ["no init containers", ({ initContainers: _gone, ...s }) => s, /last init container/],
  [
    "a gate that is not the last",
    (s) => ({ ...s, initContainers: [...s.initContainers].reverse() }),
    /last init container/,
  ],
  [
    "a gate of another image",
    (s) => withGate(s, { image: "registry.example/countersign-gate:latest" }),
    /last init container/,
  ],
  ["a command of its own", (s) => withGate(s, { command: ["true"] }), /runs what its image says/],
  ["arguments", (s) => withGate(s, { args: ["--help"] }), /runs what its image says/],
  [
    "variables from elsewhere",
    (s) => withGate(s, { envFrom: [{ configMapRef: { name: "x" } }] }),
    /runs what its image says/,
  ],
  [
    "NODE_OPTIONS",
    (s) => withGate(s, { env: [{ name: "NODE_OPTIONS", value: "--require /model/x.js" }] }),
    /no other variable/,
  ],
  [
    "a file over its program",
    (s) => withGate(s, { volumeMounts: [{ name: "x", mountPath: "/countersign" }] }),
    /nothing else/,
  ],
  [
    "a part of the volume",
    (s) => withGate(s, { volumeMounts: [{ name: "model", mountPath: "/model", subPath: "x" }] }),
    /nothing else/,
  ],
  [
    "a sidecar that goes on",
    (s) => ({ ...s, initContainers: [{ ...s.initContainers[0], restartPolicy: "Always" }, s.initContainers[1]] }),
    /must end/,
  ],
  [
    "a shared volume",
    (s) => ({ ...s, volumes: [{ name: "model", persistentVolumeClaim: { claimName: "x" } }] }),
    /must be an emptyDir/,
  ],
  [
    "a server that may write the model",
    (s) => ({ ...s, containers: [{ ...s.containers[0], volumeMounts: [{ name: "model", mountPath: "/model" }] }] }),
    /read-only/,
  ],
  ["a debug container", (s) => ({ ...s, ephemeralContainers: [{ name: "debug", image: "x" }] }), /No debug containers/],
];
const withGate = (s: PodSpec, more: Record<string, unknown>) => ({
  ...s,
  initContainers: [...s.initContainers.slice(0, -1), { ...s.initContainers.at(-1), ...more }],
});

test.each(bent)("Kubernetes: a pod with %s is refused", (_what, bend, message) => {
  expect(refusals(bend(server())).join(" ")).toMatch(message);
});
