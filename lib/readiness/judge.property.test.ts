import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileCheck, evaluate } from "@/lib/checks/check";
import { factsEnv } from "@/lib/checks/facts-env";
import type { ChecklistItem } from "@/lib/content/schemas";
import type { Fact, FactValue } from "@/lib/facts/fact";
import type { Tier } from "@/lib/risk/tier";
import { type Attested, isRequired, judge, type Waived } from "./judge";
import { itemTypes } from "./readiness";

const now = new Date("2026-11-20T09:00:00Z");
const dayMs = 86_400_000;
/** Facts that count for one day, by type, so that each can be missing, stale, or of any value. */
const yesNo = ["slo.reporting", "monitoring.rate", "monitoring.errors", "alerts.routed"] as const;
const counted = ["slo.count", "oncall.covered_days", "security.secrets_found"] as const;

const term = fc.oneof(
  fc.constantFrom(...yesNo),
  fc
    .tuple(fc.constantFrom(...counted), fc.constantFrom(">=", "<", "==", "!="), fc.integer({ min: 0, max: 3 }))
    .map(([key, op, n]) => `${key} ${op} ${n}`),
);
const expression = fc.letrec<{ all: string }>((tie) => ({
  all: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    term,
    tie("all").map((a) => `!(${a})`),
    fc.tuple(tie("all"), fc.constantFrom("&&", "||"), tie("all")).map(([a, op, b]) => `(${a} ${op} ${b})`),
    fc.tuple(tie("all"), tie("all"), tie("all")).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
  ),
})).all;

type Seen = { value: FactValue; age: number } | null;
const seen = (value: fc.Arbitrary<FactValue>) =>
  fc.option(fc.record({ value, age: fc.constantFrom(0, dayMs / 2, dayMs, dayMs + 1, 9 * dayMs) }), { freq: 3 });
const observed: fc.Arbitrary<Record<string, Seen>> = fc.record(
  Object.fromEntries([
    ...yesNo.map((key) => [key, seen(fc.boolean())]),
    ...counted.map((key) => [key, seen(fc.integer({ min: 0, max: 3 }))]),
  ]),
);
const factsOf = (all: Readonly<Record<string, Seen>>): Fact[] =>
  Object.entries(all).flatMap(([key, found]) =>
    found === null
      ? []
      : [
          {
            id: key,
            subjectKind: "model" as const,
            subjectId: "m",
            key,
            value: found.value,
            effectiveAt: new Date(now.getTime() - found.age),
            collectedAt: new Date(now.getTime() - found.age),
            recordedAt: now,
            source: { kind: "connection" as const, id: "prom", name: "Prometheus EU", runRef: null },
          },
        ],
  );

const itemOf = (check: string | null, over: Partial<ChecklistItem> = {}): ChecklistItem => ({
  id: "x-1",
  title: "An item",
  area: "Area",
  why: "Why.",
  tiers: [1, 2, 3, 4],
  types: [...itemTypes],
  how: check === null ? "attest" : "auto",
  fix: "Mend it.",
  evidence: "A report.",
  max_age_days: 90,
  waivable: true,
  check,
  query: "",
  enforce_from: "2025-01-01",
  effort: "days",
  after: [],
  ...over,
});

const word: fc.Arbitrary<Attested> = fc.record({
  id: fc.constant("a"),
  outcome: fc.constantFrom("pass" as const, "fail" as const, "not_applicable" as const),
  statement: fc.constant("Looked at it."),
  byName: fc.constant("Mara"),
  effectiveAt: fc.constant(new Date(now.getTime() - 10 * dayMs)),
  expiresAt: fc.constantFrom(-dayMs, 0, 1, dayMs).map((ms) => new Date(now.getTime() + ms)),
  notApplicableReason: fc.constantFrom("no_personal_data", null),
  confirmed: fc.boolean(),
});
const tier = fc.constantFrom<(Tier | null)[]>(1, 2, 3, 4, null);
const type = fc.constantFrom(...itemTypes, null);
const waiverUntil = (ms: number): Waived => ({
  ref: "WVR-0001",
  acceptedByName: "Rafael",
  expiresAt: new Date(now.getTime() + ms),
  checks: [],
});

const answer = (source: string, all: Readonly<Record<string, Seen>>) => {
  const compiled = compileCheck(source, factsEnv);
  if (!compiled.ok) throw new Error(compiled.message);
  return evaluate(compiled.check, factsOf(all), now);
};

describe("unknown", () => {
  test("with nothing known nothing passes and nothing fails", () => {
    fc.assert(fc.property(expression, (source) => answer(source, {}).state === "unknown"));
  });

  test("to forget a fact, or to let it grow stale, never makes an answer of another one", () => {
    fc.assert(
      fc.property(
        expression,
        observed,
        fc.constantFrom(...yesNo, ...counted),
        fc.boolean(),
        (source, all, key, gone) => {
          const before = answer(source, all).state;
          const known = all[key];
          const less = { ...all, [key]: gone || !known ? null : { ...known, age: dayMs + 1 } };
          expect([before, "unknown"]).toContain(answer(source, less).state);
        },
      ),
    );
  });

  test("whatever is answered has no cause, and what is unknown has one and says why", () => {
    fc.assert(
      fc.property(expression, observed, (source, all) => {
        const { state, cause, why } = answer(source, all);
        expect(state === "unknown").toBe(cause !== null);
        expect(why).not.toBe("");
      }),
    );
  });

  test("a fact counts to the end of its age and not a millisecond longer", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3 * dayMs }), (age) => {
        const { state, cause } = answer("slo.reporting", { "slo.reporting": { value: true, age } });
        expect([state, cause]).toEqual(age <= dayMs ? ["pass", null] : ["unknown", "stale"]);
      }),
    );
  });

  test("an item passes only by fresh facts or by a person's word in force", () => {
    fc.assert(
      fc.property(expression, observed, fc.option(word), tier, type, (source, all, attestation, t, k) => {
        const item = itemOf(source);
        const { state, cause } = judge(item, {
          tier: t,
          type: k,
          facts: factsOf(all),
          attestation,
          waiver: null,
          now,
        });
        const found = answer(source, all).state;
        const counts = attestation && attestation.expiresAt > now && t !== 1 && t !== null;
        if (state === "pass") expect(found === "pass" || counts).toBe(true);
        if (found === "fail") expect(state).toBe("fail");
        expect(state === "unknown").toBe(cause !== null);
      }),
    );
  });

  test("in tier 1, or without a tier, a person's word makes an item pass exactly where facts do not decide it", () => {
    const given = { type: null, facts: [], waiver: null, now };
    const said: Attested = {
      id: "a",
      outcome: "pass",
      statement: "Looked at it.",
      byName: "Mara",
      effectiveAt: now,
      expiresAt: new Date(now.getTime() + dayMs),
      notApplicableReason: null,
      confirmed: false,
    };
    const states = (item: ChecklistItem) =>
      [1, null, 2].map((t) => judge(item, { ...given, tier: t as Tier | null, attestation: said }).state);
    expect(states(itemOf("slo.reporting"))).toEqual(["unknown", "unknown", "pass"]);
    expect(states(itemOf("slo.reporting", { how: "part" }))).toEqual(["pass", "pass", "pass"]);
    expect(states(itemOf(null))).toEqual(["pass", "pass", "pass"]);
    expect(judge(itemOf("slo.reporting"), { ...given, tier: 1, attestation: said })).toMatchObject({
      cause: "not_connected",
      why: expect.stringMatching(/^Mara attests that it holds, which in tier 1 does not count/),
      attestationId: "a",
    });
    // That it fails is a person's to say in every tier.
    const fails = { ...given, tier: 1 as const, attestation: { ...said, outcome: "fail" as const } };
    expect(judge(itemOf("slo.reporting"), fails)).toMatchObject({ state: "fail" });
  });

  test("in tier 1, or without a tier, nobody's word alone makes an item not applicable", () => {
    fc.assert(
      fc.property(word, fc.constantFrom(1 as const, null), (said, t) => {
        const given = { tier: t, type: null, facts: [], waiver: null, now };
        const { state } = judge(itemOf(null), { ...given, attestation: { ...said, confirmed: false } });
        expect(state).not.toBe("not_applicable");
      }),
    );
  });
});

test("a waiver counts up to its instant; from then on the item is what it is without it", () => {
  fc.assert(
    fc.property(
      expression,
      observed,
      fc.integer({ min: -dayMs, max: dayMs }),
      fc.boolean(),
      (source, all, ms, waivable) => {
        const item = itemOf(source, { waivable });
        const given = { tier: 2 as const, type: null, facts: factsOf(all), attestation: null, now };
        const truly = judge(item, { ...given, waiver: null });
        const waived = judge(item, { ...given, waiver: waiverUntil(ms) });
        if (ms > 0 && waivable && truly.state !== "pass") {
          expect(waived).toMatchObject({ state: "waived", cause: null });
          expect(waived.why).toContain(truly.why);
        } else expect(waived).toEqual(truly);
      },
    ),
  );
});

test("a waiver does not count while what is done instead is seen to fail", () => {
  fc.assert(
    fc.property(expression, expression, observed, (source, check, all) => {
      const item = itemOf(source);
      const given = { tier: 2 as const, type: null, facts: factsOf(all), attestation: null, now };
      const truly = judge(item, { ...given, waiver: null }).state;
      const { state } = judge(item, { ...given, waiver: { ...waiverUntil(dayMs), checks: [check] } });
      const counts = truly !== "pass" && answer(check, all).state !== "fail";
      expect(state).toBe(counts ? "waived" : truly);
    }),
  );
});

test("an item is asked for exactly by its tiers, its types and its day; what is not known asks for more", () => {
  const subset = <T>(values: readonly T[]) => fc.subarray([...values], { minLength: 1 });
  fc.assert(
    fc.property(
      subset([1, 2, 3, 4] as const),
      subset(itemTypes),
      tier,
      type,
      fc.constantFrom("2026-11-19", "2026-11-20", "2026-11-21"),
      (tiers, types, t, k, enforce_from) => {
        const asked = isRequired(itemOf(null, { tiers, types, enforce_from }), t, k, now);
        const meant = tiers.includes(t ?? 1) && (k === null || types.includes(k));
        expect(asked).toBe(meant && enforce_from <= "2026-11-20");
        const given = { tier: t, type: k, facts: [], attestation: null, waiver: null, now };
        const { countsFrom } = judge(itemOf(null, { tiers, types, enforce_from }), given);
        expect(countsFrom).toBe(meant && !asked ? enforce_from : null);
      },
    ),
  );
});

describe("no expression takes long or breaks the portal", () => {
  test("text of any kind compiles or is refused with a place inside it", () => {
    const piece = fc.constantFrom(
      "slo.count",
      "'a'",
      "[1]",
      ".all(x, x)",
      "(",
      ")",
      "+",
      "&&",
      "?",
      ":",
      "now",
      "-",
      "1",
      "\n",
      "é",
      ".size()",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece, { maxLength: 40 }).map((p) => p.join("")),
        ),
        (source) => {
          const compiled = compileCheck(source, factsEnv);
          if (compiled.ok) return;
          expect(compiled.line).toBeGreaterThan(0);
          expect(compiled.line).toBeLessThanOrEqual(source.split("\n").length);
          expect(compiled.message).not.toBe("");
        },
      ),
    );
  });

  test.each([
    "agent.tools_granted.all(a, agent.tools_allowed.all(b, a == b || true)) && agent.tools_granted.all(a, agent.tools_allowed.all(b, a == b || true))",
    "agent.tools_granted.map(a, agent.tools_allowed.map(b, agent.tools_granted)).size() == 200",
    "agent.tools_granted.exists(a, a.matches('(a+)+$|(a|aa)+$')) || true",
  ])("%s", (source) => {
    const compiled = compileCheck(source, factsEnv);
    if (!compiled.ok) throw new Error(compiled.message);
    const names = Array.from({ length: 200 }, (_, i) => `${"a".repeat(490)}!${i}`);
    const facts = factsOf({
      "agent.tools_granted": { value: names, age: 0 },
      "agent.tools_allowed": { value: [...names].reverse(), age: 0 },
    });
    const [memory, started] = [process.memoryUsage().heapUsed, process.cpuUsage()];
    expect(evaluate(compiled.check, facts, now).state).toBe("pass");
    // Of the processor, not of the clock: others may be at work on the machine.
    expect(process.cpuUsage(started).user / 1e6).toBeLessThan(4);
    expect(process.memoryUsage().heapUsed - memory).toBeLessThan(200 * 1024 * 1024);
  });
});
