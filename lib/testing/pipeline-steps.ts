import { parseAllDocuments } from "yaml";
import { z } from "zod";
import type { Pipeline } from "@/lib/content/load";

/** The step of a pipeline that asks the gate, as its file has it: the script, the shell that the vendor runs it with, its variables. */
export type Step = { shell: readonly string[]; script: string; env: Readonly<Record<string, string>> };

export function fileOf(pipeline: Pipeline, name: string): string {
  const found = pipeline.files.find((f) => f.path === name);
  if (!found) throw new Error(`${pipeline.id} has no ${name}.`);
  return found.text;
}

/** Every document of a YAML file; a fault of its syntax throws. */
export const yamlOf = (pipeline: Pipeline, name: string): unknown[] =>
  parseAllDocuments(fileOf(pipeline, name)).map((document) => {
    if (document.errors.length > 0) throw new Error(`${pipeline.id}/${name}: ${document.errors[0]?.message}`);
    return document.toJS();
  });

const variables = z.record(z.string(), z.string());
/** `env` of a container; what comes from a Secret is left to whoever runs the step. */
const containerEnv = z
  .array(z.object({ name: z.string(), value: z.string().optional() }))
  .transform((list) =>
    Object.fromEntries(list.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]]))),
  );
const container = z.object({ name: z.string(), args: z.array(z.string()).optional(), env: containerEnv.optional() });
const github = z.object({
  jobs: z.object({
    gate: z.object({
      steps: z.array(z.object({ id: z.string().optional(), run: z.string().optional(), env: variables.optional() })),
    }),
  }),
});
const gitlab = z.object({ "countersign-gate": z.object({ script: z.tuple([z.string()]), variables }) });
const azureStep = z.object({ bash: z.string().optional(), name: z.string().optional(), env: variables.optional() });
const azure = z.object({
  stages: z.array(z.object({ stage: z.string(), jobs: z.array(z.object({ steps: z.array(azureStep).default([]) })) })),
});
const job = z.object({
  spec: z.object({ template: z.object({ spec: z.object({ containers: z.tuple([container]) }) }) }),
});
const deployment = z.object({
  spec: z.object({ template: z.object({ spec: z.object({ initContainers: z.array(container) }) }) }),
});

const must = <T>(value: T | undefined | null, what: string): T => {
  if (value === undefined || value === null) throw new Error(`There is no ${what}.`);
  return value;
};

/** How each vendor runs what, from what the file says. A pipeline without an entry here has no step that a test could run. */
const readers: Readonly<Record<string, (p: Pipeline) => Step>> = {
  "github-actions": (p) => {
    const { steps } = github.parse(yamlOf(p, p.begin)[0]).jobs.gate;
    const step = must(
      steps.find((s) => s.id === "gate"),
      "step gate",
    );
    return { shell: ["bash", "-e"], script: step.run ?? "", env: step.env ?? {} };
  },
  "gitlab-ci": (p) => {
    const { script, variables: env } = gitlab.parse(yamlOf(p, p.begin)[0])["countersign-gate"];
    return { shell: ["sh"], script: script[0], env };
  },
  "azure-devops": (p) => {
    const steps = azure.parse(yamlOf(p, p.begin)[0]).stages.flatMap((s) => s.jobs.flatMap((j) => j.steps));
    const step = must(
      steps.find((s) => s.name === "gate"),
      "step gate",
    );
    // Without -e: that is what Azure does, and why the script says it itself.
    return { shell: ["bash", "--noprofile", "--norc"], script: step.bash ?? "", env: step.env ?? {} };
  },
  jenkins: (p) => {
    const text = fileOf(p, p.begin);
    const blocks = [...text.matchAll(/sh '''\n([\s\S]*?)\n\s*'''/g)].map((m) => m[1] ?? "");
    if (blocks.length !== 1) throw new Error("The Jenkinsfile must have one block of shell.");
    const [, environment = ""] = /environment \{\n([\s\S]*?)\n {2}\}/.exec(text) ?? [];
    const env = Object.fromEntries(
      [...environment.matchAll(/(\w+) = '([^']*)'/g)].map((m) => [m[1] ?? "", m[2] ?? ""]),
    );
    // In a string of three quotes a backslash is an escape, and at the end of a line it joins it to the next.
    return { shell: ["sh", "-xe"], script: (blocks[0] ?? "").replaceAll("\\\n", ""), env };
  },
  "argo-cd": (p) => {
    const [gate] = job.parse(yamlOf(p, p.begin)[0]).spec.template.spec.containers;
    return { shell: ["sh"], script: must(gate.args?.[0], "script"), env: gate.env ?? {} };
  },
  "kubernetes-admission": (p) => {
    const [, program] = /^ENTRYPOINT \["\/bin\/sh", "\/countersign\/(\S+)"\]$/m.exec(fileOf(p, "Containerfile")) ?? [];
    const { initContainers } = deployment.parse(yamlOf(p, "deployment.yaml")[0]).spec.template.spec;
    return { shell: ["sh"], script: fileOf(p, must(program, "entry point")), env: initContainers.at(-1)?.env ?? {} };
  },
};

export const stepOf = (pipeline: Pipeline): Step => must(readers[pipeline.id], `reader for ${pipeline.id}`)(pipeline);
