import { expect, test } from "vitest";
import type { Submission } from "./submission";
import { because, isSampled, type TriageFacts, triage, triageAll } from "./triage";

const no: Submission = {
  newDataClass: false,
  newVendor: false,
  newRegion: false,
  newPattern: false,
  agentWriteAccess: false,
  crossUnit: false,
  irreversible: false,
  mandatoryDeviation: false,
};
const clean: TriageFacts = {
  tier: 3,
  legalClass: "minimal",
  adoption: { patternId: "batch-inference", version: 2, deviations: "" },
  readiness: { fail: 0, unknown: 0 },
  controls: [{ id: "rel-3", title: "Rollback is drilled" }],
  repeatedWaivers: [],
  submission: no,
};
const answer = (set: Submission): Partial<TriageFacts> => ({ submission: { ...no, ...set } });
const deviations = (...controls: string[]) =>
  answer({ deviations: controls.map((control) => ({ what: "w", why: "y", adr: "ADR-0001", control })) });

test.each<[string, Partial<TriageFacts>, string, string]>([
  ["tier 3 on the pattern, all checks pass", {}, "self_service", "tier 3, follows batch-inference version 2"],
  ["tier 4 likewise", { tier: 4 }, "self_service", "tier 4"],
  ["tier 2", { tier: 2 }, "fast_track", "the model is tier 2"],
  ["tier 1", { tier: 1 }, "full_board", "the model is tier 1"],
  ["a high-risk class under a low tier", { legalClass: "high_risk_annex_iii" }, "full_board", "high-risk"],
  ["an unknown legal class", { legalClass: null }, "fast_track", "the legal class is not known"],
  ["no pattern", { adoption: null }, "fast_track", "no reference architecture"],
  [
    "a deviation",
    { adoption: { patternId: "batch-inference", version: 2, deviations: "own scheduler" } },
    "fast_track",
    "departs from batch-inference",
  ],
  ["one listed deviation", deviations(""), "fast_track", "one bounded deviation"],
  ["one from an item that is not required here", deviations("sec-9"), "fast_track", "one bounded deviation"],
  ["one from a required item", deviations("REL-3"), "full_board", "mandatory control rel-3 (rollback is drilled)"],
  ["two deviations", deviations("", ""), "full_board", "lists 2 deviations"],
  ["readiness never assessed", { readiness: null }, "fast_track", "not assessed"],
  ["one failing check", { readiness: { fail: 1, unknown: 0 } }, "fast_track", "1 required check fails"],
  ["unknown is not pass", { readiness: { fail: 0, unknown: 3 } }, "fast_track", "3 required checks cannot be told"],
  ["a new supplier at tier 3", answer({ newVendor: true }), "fast_track", "the supplier is new"],
  ["a new supplier at tier 2", { tier: 2, ...answer({ newVendor: true }) }, "full_board", "the supplier is new"],
  ["an agent that writes", answer({ agentWriteAccess: true }), "full_board", "acts on other systems"],
  ["a one-way door", answer({ irreversible: true }), "full_board", "cannot be undone"],
  ["other units depend on it", answer({ crossUnit: true }), "full_board", "other business units"],
  ["a new architecture", answer({ newPattern: true }), "full_board", "no reference architecture covers"],
  ["a mandatory control", answer({ mandatoryDeviation: true }), "full_board", "mandatory control"],
  ["a waiver repeated", { repeatedWaivers: ["mon.drift"] }, "full_board", "mon.drift"],
  ["an emergency, whatever else", { tier: 1, ...answer({ emergency: true }) }, "emergency", "active incident"],
])("%s", (_, facts, lane, words) => {
  const result = triage({ ...clean, ...facts });
  expect(result.lane).toBe(lane);
  expect(because(result.reasons)).toContain(words);
});

test("every reason of the strictest lane is told, those of milder lanes are not", () => {
  const { reasons } = triage({ ...clean, tier: 1, adoption: null, ...answer({ newVendor: true, irreversible: true }) });
  expect(reasons.map((r) => r.rule)).toEqual(["tier_1", "irreversible", "newVendor_tier_2"]);
});

test("one digest in ten is drawn, always the same ones", () => {
  const digests = Array.from({ length: 2000 }, (_, i) =>
    (i * 2654435761).toString(16).padStart(12, "0").slice(-8).padEnd(64, "0"),
  );
  const drawn = digests.filter(isSampled);
  expect(drawn.length).toBeGreaterThan(150);
  expect(drawn.length).toBeLessThan(250);
  expect(digests.filter(isSampled)).toEqual(drawn);
});

test("several models go the strictest way, and a reason that not all give names whose it is", () => {
  const of = (model: string, set: Partial<TriageFacts>) => ({ ...clean, ...set, model });
  expect(triageAll([of("a", {}), of("b", {})])).toMatchObject({ lane: "self_service" });
  expect(triageAll([of("a", { tier: 3 }), of("b", { tier: 2 })])).toMatchObject({
    lane: "fast_track",
    reasons: [{ rule: "tier_2", text: "the model is tier 2 (b)" }],
  });
  const shared = answer({ irreversible: true });
  expect(triageAll([of("a", { tier: 1, ...shared }), of("b", shared)]).reasons.map((r) => r.text)).toEqual([
    "the model is tier 1 (a)",
    "the step cannot be undone at reasonable cost",
  ]);
});
