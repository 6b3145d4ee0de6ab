import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { parseAllDocuments, parse as parseYaml } from "yaml";
import { readCard } from "@/lib/cards/card";
import { loadContent, newest, newestOfEach, readContent, type Template } from "@/lib/content/load";
import { archiveOf } from "@/lib/guidance/archive";

const content = loadContent();
const items = new Set(content.checklists[0]?.items.map((i) => i.id));
const each = newestOfEach(content.templates).map((t) => [t.id, t] as const);
const python = ["python3", "python"].find((name) =>
  (process.env.PATH ?? "").split(path.delimiter).some((folder) => existsSync(path.join(folder, name))),
);
const run = promisify(execFile);
const folder = mkdtempSync(path.join(tmpdir(), "countersign-templates-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const textOf = (t: Template, name: string): string => {
  const found = t.files.find((f) => f.path === name);
  if (!found) throw new Error(`${t.id} has no ${name}`);
  return found.text;
};

test.each(each)("%s: has what a repository of a model needs, and what it names exists", (_id, t) => {
  for (const name of ["README.md", "pyproject.toml", "slo.yaml", "MODEL_CARD.md", ".gitignore", "tests/__init__.py"])
    expect(t.files.map((f) => f.path)).toContain(name);
  expect(t.read_first.filter((r) => !t.files.some((f) => f.path === r.path))).toEqual([]);
  expect(t.items.filter((id) => !items.has(id))).toEqual([]);
  expect(newest(content.patterns, t.pattern)).not.toBeNull();
  expect(textOf(t, "README.md")).toContain(t.test.join(" "));
});

test.each(each)(
  "%s: its pipelines are YAML, test before they ask, and ask the gate about the digest they built",
  (_id, t) => {
    const workflows = t.files.filter((f) => f.path.startsWith(".github/workflows/"));
    const steps = workflows.map((f) => JSON.stringify(parseYaml(f.text)));
    expect(steps.every((s) => s.includes(t.test.join(" ")))).toBe(true);
    const [gate] = steps.filter((s) => s.includes("countersign gate check"));
    expect(gate).toMatch(/gate check --model .* --version .* --digest .* --env prod .*--key/);
    expect(gate?.indexOf(t.test.join(" "))).toBeLessThan(gate?.indexOf("countersign gate check") ?? 0);
  },
);

test.each(each)("%s: the portal reads its model card, and its objectives are OpenSLO", (_id, t) => {
  expect(readCard(textOf(t, "MODEL_CARD.md"))).toMatchObject({
    licence: "proprietary",
    datasets: [expect.any(String)],
  });
  const slos = parseAllDocuments(textOf(t, "slo.yaml")).map((d) => d.toJS());
  expect(slos.length).toBeGreaterThanOrEqual(2);
  for (const slo of slos)
    expect(slo).toMatchObject({
      apiVersion: "openslo/v1",
      kind: "SLO",
      metadata: { name: expect.stringMatching(/^[a-z0-9-]+$/) },
      spec: {
        service: t.id,
        indicator: { spec: { ratioMetric: { good: expect.anything(), total: expect.anything() } } },
        timeWindow: [{ duration: expect.stringMatching(/^\d+d$/), isRolling: true }],
        objectives: [{ target: expect.any(Number) }],
      },
    });
});

test.each(each)("%s: the archive is the same bytes when it is made again from the files", (id) => {
  const again = readContent(path.join(process.cwd(), "content"));
  const [one, other] = [content, again].map((c) => newest(c.templates, id));
  if (!one || !other) throw new Error("not there");
  expect(other).not.toBe(one);
  expect(archiveOf(other).digest).toBe(archiveOf(one).digest);
});

const reason = python ? null : "there is no python3 on the PATH to run the templates' own tests";
if (reason) process.stdout.write(`skipped: ${reason}\n`);

test.skipIf(reason !== null && !process.env.CI).each(each)(
  "%s: downloaded and unpacked, its own tests pass",
  async (id, t) => {
    if (!python) throw new Error(reason ?? "");
    const { name, bytes } = archiveOf(t);
    writeFileSync(path.join(folder, name), bytes);
    await run(python, ["-m", "zipfile", "-e", name, "."], { cwd: folder });
    const [, ...args] = t.test;
    const { stderr } = await run(python, args, { cwd: path.join(folder, id), timeout: 60_000 });
    expect(stderr).toMatch(/\nOK\n$/);
    const [, ran = "0"] = /^Ran (\d+) tests/m.exec(stderr) ?? [];
    expect(Number(ran)).toBeGreaterThanOrEqual(15);
  },
  90_000,
);
