import "server-only";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { parse as parseYaml } from "yaml";
import { z } from "zod";
import { compileCheck } from "@/lib/checks/check";
import { factsEnv } from "@/lib/checks/facts-env";
import { faultsOf } from "@/lib/core/parse";
import { type GuideKind, guideKinds } from "@/lib/guidance/guidance";
import {
  BlueprintMeta,
  Checklist,
  CourseMeta,
  Criteria as CriteriaFile,
  DecisionMeta,
  type GuideMeta,
  KpiFile,
  MaturityFile,
  type PatternMeta,
  PipelineMeta,
  PolicyFile,
  Questionnaire,
  TemplateMeta,
} from "./schemas";
import { frontMatter, parseGuide, parsePattern } from "./texts";
import { readTree, type TreeFile } from "./tree";

/**
 * One version of one content file. `digest` is the SHA-256 (hex) of `bytes`, the exact file.
 * A version is a file of its own, `<id>/v<N>.<ext>`; a new version is a new file and old ones stay, so that what a
 * digest once meant can always be shown.
 */
export type Versioned<T> = T & { id: string; version: number; digest: string; bytes: Buffer; file: string };

export type Pattern = Versioned<PatternMeta> & { markdown: string };
export type Guide = Versioned<GuideMeta> & { kind: GuideKind; markdown: string };
export type Criteria = Versioned<CriteriaFile>;
export type Course = Versioned<CourseMeta> & { markdown: string };
export type Blueprint = Versioned<BlueprintMeta> & { markdown: string };
/** `files` is its tree, by path. */
export type Template = Versioned<TemplateMeta> & { files: readonly TreeFile[] };
/** `files` is its tree, by path; addresses of a portal in it are `https://countersign.example`. */
export type Pipeline = Versioned<PipelineMeta> & { files: readonly TreeFile[] };
export type DecisionRecord = {
  number: string;
  slug: string;
  title: string;
  meta: DecisionMeta;
  markdown: string;
  digest: string;
  bytes: Buffer;
  file: string;
};

/** Everything under content/, parsed and checked. Lists hold every version, by id and then newest first. */
export type Content = {
  patterns: readonly Pattern[];
  guides: readonly Guide[];
  blueprints: readonly Blueprint[];
  templates: readonly Template[];
  pipelines: readonly Pipeline[];
  criteria: readonly Criteria[];
  courses: readonly Course[];
  checklists: readonly Versioned<Checklist>[];
  maturity: readonly Versioned<MaturityFile>[];
  policies: readonly Versioned<PolicyFile>[];
  kpis: readonly Versioned<KpiFile>[];
  questionnaires: readonly Versioned<Questionnaire>[];
  decisions: readonly DecisionRecord[];
};

const guideFolder: Record<GuideKind, string> = { standard: "standards", playbook: "playbooks", runbook: "runbooks" };

let loaded: Content | null = null;

/** The content of this build, read and checked once. Throws with every fault listed when a file is bad. */
export function loadContent(): Content {
  loaded ??= readContent(path.join(/* turbopackIgnore: true */ process.cwd(), "content"));
  return loaded;
}

/** Reads a content folder; for `loadContent` and for tests of the loader itself. */
export function readContent(root: string): Content {
  const faults: string[] = [];
  const content: Content = {
    patterns: versions(root, "patterns", "md", faults, parsePattern),
    guides: guideKinds.flatMap((kind) =>
      versions(root, guideFolder[kind], "md", faults, (text) => ({ ...parseGuide(text), kind })),
    ),
    blueprints: versions(root, "blueprints", "md", faults, (text) => {
      const { front, body } = frontMatter(text);
      return { ...BlueprintMeta.parse(front), markdown: body };
    }),
    templates: versions(root, "templates", "yaml", faults, (text) => TemplateMeta.parse(parseYaml(text))).map(
      (meta) => ({
        ...meta,
        files: readTree(root, `templates/${meta.id}/v${meta.version}`, faults),
      }),
    ),
    pipelines: versions(root, "templates/ci", "yaml", faults, (text) => PipelineMeta.parse(parseYaml(text))).map(
      (meta) => ({ ...meta, files: readTree(root, `templates/ci/${meta.id}/v${meta.version}`, faults) }),
    ),
    courses: versions(root, "courses", "md", faults, (text) => {
      const { front, body } = frontMatter(text);
      return { ...CourseMeta.parse(front), markdown: body };
    }),
    criteria: versions(root, "evaluations", "yaml", faults, (text) => CriteriaFile.parse(parseYaml(text))),
    checklists: versions(root, "checklists", "yaml", faults, (text) => checked(Checklist.parse(parseYaml(text)))),
    maturity: versions(root, "maturity", "yaml", faults, (text) => MaturityFile.parse(parseYaml(text))),
    policies: versions(root, "policies", "yaml", faults, (text) => PolicyFile.parse(parseYaml(text))),
    kpis: versions(root, "kpis", "yaml", faults, (text) => KpiFile.parse(parseYaml(text))),
    questionnaires: versions(root, "questionnaire", "yaml", faults, (text) => Questionnaire.parse(parseYaml(text))),
    decisions: decisionRecords(root, faults),
  };
  if (faults.length > 0) throw new Error(`content/ has ${faults.length} fault(s):\n${faults.join("\n")}`);
  return content;
}

/** A check that names an unknown fact or mixes types is a fault of the file, with its place. */
function checked(checklist: z.output<typeof Checklist>): z.output<typeof Checklist> {
  const wrong = checklist.items.flatMap(({ id, check }) => {
    const compiled = check === null ? null : compileCheck(check, factsEnv);
    return compiled?.ok === false
      ? [`${id}: check, line ${compiled.line}, column ${compiled.column}: ${compiled.message}`]
      : [];
  });
  if (wrong.length > 0) throw new Error(wrong.join("; "));
  return checklist;
}

/** The newest version of an id; null if there is none. */
export const newest = <T extends { id: string; version: number }>(list: readonly T[], id: string): T | null =>
  list.find((entry) => entry.id === id) ?? null;

/** The newest version of each id. */
export const newestOfEach = <T extends { id: string; version: number }>(list: readonly T[]): T[] =>
  list.filter((entry, i) => list.findIndex((other) => other.id === entry.id) === i);

function versions<T extends { id: string; version: number }>(
  root: string,
  folder: string,
  ext: string,
  faults: string[],
  parse: (text: string) => T,
): Versioned<T>[] {
  const out: Versioned<T>[] = [];
  for (const id of list(root, folder, faults)) {
    for (const { file, name, bytes, text } of files(root, `${folder}/${id}`, faults)) {
      // v1.test.yaml lies beside v1.yaml and holds its cases.
      if (name.includes(".test.")) continue;
      const match = /^v(\d+)\.(\w+)$/.exec(name);
      if (!match || match[2] !== ext) {
        faults.push(`${file}: name it v<version>.${ext}`);
        continue;
      }
      try {
        const parsed = parse(text);
        if (parsed.id !== id || parsed.version !== Number(match[1]))
          faults.push(`${file}: says it is ${parsed.id} version ${parsed.version}`);
        out.push({ ...parsed, digest: createHash("sha256").update(bytes).digest("hex"), bytes, file });
      } catch (error) {
        faults.push(...inWords(file, error));
      }
    }
  }
  return out.sort((a, b) => a.id.localeCompare(b.id) || b.version - a.version);
}

function decisionRecords(root: string, faults: string[]): DecisionRecord[] {
  const out: DecisionRecord[] = [];
  for (const { file, name, bytes, text } of files(root, "decisions", faults)) {
    const match = /^(\d{4})-([a-z0-9-]+)\.md$/.exec(name);
    if (!match) {
      faults.push(`${file}: name it NNNN-short-title.md`);
      continue;
    }
    try {
      const { front, body } = frontMatter(text);
      const title = /^# (.+)$/m.exec(body)?.[1];
      for (const heading of ["Context and Problem Statement", "Considered Options", "Decision Outcome"]) {
        if (!body.toLowerCase().includes(`\n## ${heading.toLowerCase()}\n`))
          faults.push(`${file}: lacks the section "${heading}"`);
      }
      if (!title) faults.push(`${file}: lacks a title`);
      const digest = createHash("sha256").update(bytes).digest("hex");
      const [, number = "", slug = ""] = match;
      const meta = DecisionMeta.parse(front);
      if (out.some((other) => other.number === number)) faults.push(`${file}: number ${number} is taken`);
      out.push({ number, slug, title: title ?? "", meta, markdown: body, digest, bytes, file });
    } catch (error) {
      faults.push(...inWords(file, error));
    }
  }
  return out.sort((a, b) => a.number.localeCompare(b.number));
}

function list(root: string, folder: string, faults: string[]): string[] {
  try {
    return readdirSync(path.join(root, folder))
      .filter((name) => !name.startsWith("."))
      .sort();
  } catch (cause) {
    faults.push(`content/${folder}: cannot be read (${cause instanceof Error ? cause.message : "unknown"})`);
    return [];
  }
}

function files(root: string, folder: string, faults: string[]) {
  return list(root, folder, faults).flatMap((name) => {
    // A template's tree lies in a folder beside the file that describes it.
    if (statSync(path.join(root, folder, name)).isDirectory()) return [];
    const bytes = readFileSync(path.join(root, folder, name));
    const file = `content/${folder}/${name}`;
    try {
      return [{ file, name, bytes, text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) }];
    } catch {
      faults.push(`${file}: is not valid UTF-8`);
      return [];
    }
  });
}

function inWords(file: string, error: unknown): string[] {
  if (error instanceof z.ZodError) return faultsOf(error).map((f) => `${file}: ${f.field}: ${f.message}`);
  return [`${file}: ${error instanceof Error ? error.message : String(error)}`];
}
