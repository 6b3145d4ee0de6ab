import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { compileCheck } from "@/lib/checks/check";
import { factsEnv } from "@/lib/checks/facts-env";
import { legalClasses } from "@/lib/models/model";
import { isRequired } from "@/lib/readiness/judge";
import type { Tier } from "@/lib/risk/tier";
import { loadContent, newestOfEach, readContent } from "./load";

const content = loadContent();
const now = new Date("2026-11-20T09:00:00Z");

test("everything under content/ parses, and a digest is that of the exact file", () => {
  expect(newestOfEach(content.checklists).map((c) => c.id)).toEqual(["production-readiness"]);
  expect(content.questionnaires[0]?.legal_classes.map((c) => c.id)).toEqual([...legalClasses]);
  expect(content.decisions.length).toBeGreaterThanOrEqual(3);
  for (const entry of [...content.patterns, ...content.checklists, ...content.policies, ...content.kpis]) {
    const bytes = readFileSync(path.join(process.cwd(), entry.file));
    expect(entry.digest).toBe(createHash("sha256").update(bytes).digest("hex"));
  }
});

test("the checklist has 46 items: 30 decided by facts, 14 assisted, 2 attested; per tier 46, 45, 29 or more, 7", () => {
  const items = content.checklists[0]?.items ?? [];
  const how = (kind: string) => items.filter((i) => i.how === kind).length;
  expect([items.length, how("auto"), how("part"), how("attest")]).toEqual([46, 30, 14, 2]);
  const required = (tier: Tier) => items.filter((i) => isRequired(i, tier, null, now)).length;
  expect([required(1), required(2), required(3), required(4)]).toEqual([46, 45, 29, 7]);
});

test.each(content.checklists.flatMap((c) => c.items).map((i) => [i.id, i] as const))(
  "readiness item %s: its check compiles, and what facts decide has one",
  (_id, item) => {
    if (item.how === "auto") expect(item.check).not.toBeNull();
    if (item.check === null) return;
    const compiled = compileCheck(item.check, factsEnv);
    expect(compiled).toMatchObject({ ok: true });
  },
);

test("owner, tier, separation of duties and retention are never waivable", () => {
  const fixed = content.checklists[0]?.items.filter((i) => !i.waivable).map((i) => i.id);
  expect(fixed).toEqual(["own-1", "own-2", "rel-5", "dat-4"]);
});

test("what the capability of teams is measured by are items of the checklist", () => {
  const items = new Set(content.checklists[0]?.items.map((i) => i.id));
  const dimensions = content.maturity[0]?.dimensions ?? [];
  expect(dimensions.filter((d) => !d.overlay)).toHaveLength(9);
  expect(dimensions.flatMap((d) => d.statements.flatMap((s) => s.measured)).filter((id) => !items.has(id))).toEqual([]);
});

test("there are the 18 KPIs, numbered 1 to 18", () => {
  expect(content.kpis[0]?.kpis.map((k) => k.n)).toEqual(Array.from({ length: 18 }, (_, i) => i + 1));
});

test("a bad file is named with all its faults, and nothing loads", () => {
  const root = mkdtempSync(path.join(tmpdir(), "content-"));
  for (const folder of ["patterns", "checklists/x", "maturity", "policies/p", "kpis", "questionnaire", "decisions"])
    mkdirSync(path.join(root, folder), { recursive: true });
  writeFileSync(path.join(root, "policies/p/v1.yaml"), "id: other\nversion: 1\ntitle: T\n");
  writeFileSync(path.join(root, "policies/p/first.yaml"), "id: p\n");
  writeFileSync(path.join(root, "checklists/x/v1.yaml"), "id: x\nversion: 1\ntitel: X\n");
  writeFileSync(path.join(root, "decisions/0001-a.md"), Buffer.from([0xff, 0xfe]));
  let message = "";
  try {
    readContent(root);
  } catch (error) {
    message = error instanceof Error ? error.message : "";
  }
  expect(message).toContain("content/policies/p/v1.yaml: says it is other version 1");
  expect(message).toContain("content/policies/p/first.yaml: name it v<version>.yaml");
  expect(message).toContain('content/checklists/x/v1.yaml: titel: Unknown field "titel"');
  expect(message).toContain("content/decisions/0001-a.md: is not valid UTF-8");
});
