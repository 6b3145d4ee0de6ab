import { describe, expect, test } from "vitest";
import type { Fact, FactValue } from "@/lib/facts/fact";
import { compileCheck, evaluate, maxCheckLength } from "./check";
import { factsEnv } from "./facts-env";

const now = new Date("2026-11-20T09:00:00Z");
const fact = (key: string, value: FactValue, over: Partial<Fact> = {}): Fact => ({
  id: `fact:${key}`,
  subjectKind: "model",
  subjectId: "m",
  key,
  value,
  effectiveAt: now,
  collectedAt: now,
  recordedAt: now,
  source: { kind: "connection", id: "prom", name: "Prometheus EU", runRef: null },
  ...over,
});

function ask(source: string, facts: readonly Fact[], values: Record<string, unknown> = {}) {
  const compiled = compileCheck(source, factsEnv);
  if (!compiled.ok) throw new Error(compiled.message);
  return evaluate(compiled.check, facts, now, values);
}

test("passes and fails on facts, and names what it saw", () => {
  const facts = [fact("slo.count", 3), fact("slo.reporting", true)];
  expect(ask("slo.count >= 1 && slo.reporting", facts)).toMatchObject({
    state: "pass",
    cause: null,
    why: "SLOs defined for the service: 3. All SLOs reported within the last 24 hours: yes. (Prometheus EU)",
  });
  const failed = ask("slo.count >= 1 && slo.reporting", [facts[0] as Fact, fact("slo.reporting", false)]);
  expect(failed.state).toBe("fail");
  expect(failed.why).toBe("Not so: all SLOs reported within the last 24 hours. (Prometheus EU)");
  expect(failed.used.map((f) => f.id)).toEqual(["fact:slo.count", "fact:slo.reporting"]);
});

describe("a missing fact is unknown, never pass or fail", () => {
  test.each([
    "slo.count >= 1",
    "!(slo.count >= 1)",
    "slo.count == 0",
    "slo.count != 0",
    "slo.count >= 1 || slo.reporting",
    "slo.reporting ? true : false",
    "run.datasets.size() == 0",
  ])("%s", (source) => {
    expect(ask(source, [])).toMatchObject({ state: "unknown", cause: "not_connected" });
  });

  test("unless the rest decides alone", () => {
    expect(ask("slo.count >= 1 || slo.reporting", [fact("slo.reporting", true)]).state).toBe("pass");
    expect(ask("slo.count >= 1 && slo.reporting", [fact("slo.reporting", false)]).state).toBe("fail");
  });

  test("a system that is there but silent on this is no data, not missing", () => {
    const result = ask("slo.count >= 1", [fact("slo.reporting", true)]);
    expect(result).toMatchObject({ state: "unknown", cause: "no_data" });
    expect(result.why).toContain("has not reported this: SLOs defined for the service");
  });
});

test("a fact read longer ago than its key allows turns pass into unknown, and says since when", () => {
  const old = fact("slo.count", 3, { collectedAt: new Date("2026-11-18T09:00:00Z") });
  expect(ask("slo.count >= 1", [old])).toMatchObject({
    state: "unknown",
    cause: "stale",
    why: "SLOs defined for the service: last read 18 Nov 2026 from Prometheus EU; it counts for 1 day.",
  });
  expect(ask("slo.count >= 1", [fact("slo.count", 3)]).state).toBe("pass");
});

test("of two sources the fresh one counts, then the one that was true last", () => {
  const stale = fact("slo.count", 0, { id: "a", collectedAt: new Date("2026-11-01T09:00:00Z") });
  const early = fact("slo.count", 0, { id: "b", effectiveAt: new Date("2026-11-20T01:00:00Z") });
  expect(ask("slo.count >= 1", [stale, fact("slo.count", 2)]).state).toBe("pass");
  expect(ask("slo.count >= 1", [fact("slo.count", 2), early]).state).toBe("pass");
});

test("instants compare with now", () => {
  const source = "now - release.rollback_drilled_at < duration('4320h')";
  expect(ask(source, [fact("release.rollback_drilled_at", "2026-09-01T08:00:00Z")]).state).toBe("pass");
  expect(ask(source, [fact("release.rollback_drilled_at", "2025-09-01T08:00:00Z")]).state).toBe("fail");
});

test("plain values come beside facts", () => {
  expect(ask("tier > 2 || slo.count > 0", [], { tier: 3 }).state).toBe("pass");
  expect(ask("tier > 2 || slo.count > 0", [], { tier: 1 }).state).toBe("unknown");
});

test("what breaks, or answers neither yes nor no, only when it runs is unknown with the cause error", () => {
  const params = [fact("run.params", { depth: "deep" })];
  expect(ask("run.params.depth", params)).toMatchObject({ state: "unknown", cause: "error" });
  expect(ask("run.params.width > 2", params)).toMatchObject({ state: "unknown", cause: "error" });
  expect(ask("int(run.params.depth) > 2", params)).toMatchObject({ state: "unknown", cause: "error" });
});

test.each<[string, RegExp, number, number | undefined]>([
  ["slo.cuont >= 1", /no fact "slo.cuont". Did you mean "slo.count"\?/, 1, 1],
  ["slo.count >=", /Not a CEL expression/, 1, 11],
  ["slo.count >= 1 &&\n  foo", /no "foo"/, 2, 3],
  ["has(slo.count)", /missing fact into false/, 1, 1],
  ["slo == 1", /family of facts/, 1, 1],
  ["[1].all(a, [1].all(b, [1].all(c, c > 0)))", /nested loops/, 1, 26],
  ["true".padEnd(maxCheckLength + 1), /at most 2000/, 1, 1],
  [Array.from({ length: 250 }, () => "true").join("&&"), /at most 400 parts/, 1, undefined],
])("%.60s is refused with its place", (source, message, line, column) => {
  const compiled = compileCheck(source, factsEnv);
  expect(compiled).toMatchObject({ ok: false, line, ...(column ? { column } : {}) });
  if (!compiled.ok) expect(compiled.message).toMatch(message);
});

test("deep nesting and the largest lists end quickly", () => {
  const started = performance.now();
  compileCheck(`${"(".repeat(900)}true${")".repeat(900)}`, factsEnv);
  const names = Array.from({ length: 200 }, (_, i) => `tool-${i}`);
  const result = ask("agent.tools_granted.all(t, t in agent.tools_allowed)", [
    fact("agent.tools_granted", names),
    fact("agent.tools_allowed", names),
  ]);
  expect(result.state).toBe("pass");
  expect(performance.now() - started).toBeLessThan(2000);
});

test.each<[string, RegExp, string]>([
  ["slo.count", /answers yes or no; this comes to a number/, "slo"],
  ["slo.count && slo.reporting", /slo.count \(a number\) is no condition/, ".count"],
  ["slo.reporting && slo.count", /slo.count \(a number\) is no condition/, ".count"],
  ["slo.count == 'three'", /slo.count \(a number\) is never equal to text/, "=="],
  ["slo.reporting >= 1", /">=" does not take slo.reporting \(yes or no\) and a whole number/, ">="],
  ["slo.count * 2 > 1", /slo.count \(a number\) and a whole number. Write the whole number with a decimal/, "*"],
  ["slo.count + 'a' == 'b'", /"\+" does not take slo.count \(a number\) and text/, "+"],
  ["now - release.rollback_drilled_at < 30", /a length of time and a whole number/, "<"],
  ["now < 'tomorrow'", /now \(an instant\) and text/, "<"],
  ["'x' in slo.count", /"in" looks into a list/, "in slo"],
  ["1 in agent.tools_granted", /a whole number is never in a list of text/, "in agent"],
  ["slo.count.all(x, x > 0)", /slo.count \(a number\) is no list to go through/, ".all"],
  ["agent.tools_granted.all(t, t > 0)", /t \(text\) and a whole number/, "> 0"],
  ["agent.tools_granted.map(t, t + t).size() > 0", /not joined within a loop/, "+"],
  ["now - release.rollback_drilled_at < duration('3 days')", /no duration such as/, "'3"],
  ["monitoring.dashboard.matches('(a')", /pattern "\(a" cannot be read/, "'(a"],
  ["monitoring.dashboard.matches(monitoring.dashboard)", /pattern written out/, ".matches"],
  ["agent.tools_granted.all(a, agent.tools_granted.all(b, b.matches('x')))", /loop within a loop/, ".matches"],
  ["monitoring.dashboard.length() > 0", /no function "length"/, ".length"],
  [
    "true && ".repeat(4).replaceAll("true", "[1].all(a, true)").concat("[2].all(a, true)"),
    /At most 4 loops/,
    ".all(a, true)$",
  ],
])("%s is refused with its place", (source, message, at) => {
  const compiled = compileCheck(source, factsEnv);
  expect(compiled.ok).toBe(false);
  if (compiled.ok) return;
  expect(compiled.message).toMatch(message);
  const place = at.endsWith("$") ? source.lastIndexOf(at.slice(0, -1)) : source.lastIndexOf(at);
  expect([compiled.line, compiled.column]).toEqual([1, place + 1]);
});

test.each([
  "tier in [1, 2] && type == 'online'",
  "run.metrics['auc'] > 0.9 && run.metrics.auc < 1",
  "run.params.depth == '3' || int(run.params.depth) > 2",
  "(slo.reporting ? slo.count : 0.0) >= 1",
  "agent.tools_granted.filter(t, t.startsWith('db.')).size() == 0",
  "agent.tools_granted.map(t, size(t)).exists(n, n > 20)",
  "release.rollback_drilled_at.getFullYear() >= 2026 && now > timestamp('2026-01-01T00:00:00Z')",
  "monitoring.dashboard.matches('^https://')",
])("%s is well typed", (source) => {
  expect(compileCheck(source, factsEnv)).toMatchObject({ ok: true });
});
