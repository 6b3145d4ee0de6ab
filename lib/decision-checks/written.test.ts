import { expect, test } from "vitest";
import { example } from "./example";
import { mentionsChecks, writtenChecks } from "./written";

const record = (block: string, front = "") =>
  `${front}# Watch drift\n\n## Decision Outcome\n\nWe do.\n\n### Confirmation\n\n\`\`\`checks\n${block}\n\`\`\`\n`;
const faults = (block: string) => writtenChecks(record(block)).faults;
const good = "- id: a\n  title: A\n  check: slo.count > 0";

test("a block in the confirmation and the front matter's list both count, in the order of the record", () => {
  const front = "---\nstatus: proposed\nchecks:\n  - id: first\n    title: F\n    check: slo.count > 0\n---\n\n";
  const both = record(
    "- id: spend\n  title: Spend\n  scope: tier == 1 && type == 'online'\n  sum: cost.spend_monthly\n  check: value < 20000",
    front,
  );
  expect(writtenChecks(both)).toEqual({
    checks: [
      { key: "first", title: "F", scope: null, aggregate: null, factKey: null, expression: "slo.count > 0" },
      {
        key: "spend",
        title: "Spend",
        scope: "tier == 1 && type == 'online'",
        aggregate: "sum",
        factKey: "cost.spend_monthly",
        expression: "value < 20000",
      },
    ],
    faults: [],
  });
});

test("the example that explains the form reads without a fault", () => {
  expect(writtenChecks(`# A\n\n${example}\n`)).toMatchObject({ checks: [{}, {}], faults: [] });
});

test("a text without checks is not parsed, and one that only speaks of them has none", () => {
  expect(mentionsChecks("# A\n\nThe checks are run.\n")).toBe(false);
  expect(writtenChecks("# A\n\n```yaml\nchecks: []\n```\n")).toEqual({ checks: [], faults: [] });
});

test.each([
  ["a field that is not known", `${good}\n  severity: high`, 13, /no field “severity”/],
  ["an id with capitals", "- id: Bad Id\n  title: A\n  check: slo.count > 0", 10, /^id: .*small letters/],
  ["no title", "- id: a\n  check: slo.count > 0", 10, /^title: Say in one line/],
  ["a fact that is not there", "- id: a\n  title: A\n  check: slo.cuont > 0", 12, /Did you mean "slo.count"/],
  ["no CEL", "- id: a\n  title: A\n  check: slo.count >", 12, /Not a CEL expression/],
  ["a scope over what is not there", `${good}\n  scope: teir == 1`, 13, /A scope may name name, tier/],
  ["a scope over a fact", `${good}\n  scope: slo.count > 1`, 13, /There is no "slo"/],
  ["two aggregates", `${good}\n  sum: slo.count\n  max: slo.count`, 10, /one of sum, max, min and mean/],
  ["a sum of texts", "- id: a\n  title: A\n  sum: data.class\n  check: value > 0", 12, /is no number/],
  [
    "a fact beside an aggregate",
    "- id: a\n  title: A\n  sum: slo.count\n  check: slo.count > 0",
    13,
    /names value and count/,
  ],
  ["no list", "id: a", 10, /must be a list/],
  ["a list of words", "- drift", 10, /list of “field: value” lines/],
  ["no YAML", "- id: [a", 10, /not valid YAML/],
  ["an id twice", `${good}\n${good}`, 13, /Two checks have the id “a”/],
  ["nothing", "", 10, /must be a list/],
])("%s is told with its line", (_name, block, line, text) => {
  const found = faults(block);
  expect(found.map((f) => f.line)).toContain(line);
  expect(found.map((f) => f.text).join("\n")).toMatch(text);
});

test("aliases that would grow without end, and 21 checks, are faults", () => {
  const bomb = `- id: &a [x, x]\n${Array.from({ length: 25 }, () => "  t: *a").join("\n")}`;
  expect(faults(bomb).length).toBeGreaterThan(0);
  const many = Array.from({ length: 21 }, (_, i) => `- id: c${i}\n  title: A\n  check: slo.count > 0`).join("\n");
  expect(faults(many).map((f) => f.text)).toContainEqual(expect.stringContaining("at most 20"));
});
