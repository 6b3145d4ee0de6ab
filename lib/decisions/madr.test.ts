import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { fileOfClaim } from "./claims";
import { find, parseAdr } from "./madr";
import { templates } from "./templates";

test("MADR 4: front matter, title, sections with their subsections", () => {
  const { record, faults } = parseAdr(`---
status: accepted
date: 2026-03-02
decision-makers: [Ingrid Solberg, Noor Haddad]
consulted: Legal
---
# Use batch scoring for churn

## Context and Problem Statement
Nightly is enough.

## Decision Outcome
Batch.

### Confirmation
A check of the schedule.
`);
  expect(faults).toEqual([]);
  expect(record).toMatchObject({
    title: "Use batch scoring for churn",
    status: "accepted",
    date: "2026-03-02",
    decisionMakers: ["Ingrid Solberg", "Noor Haddad"],
    consulted: ["Legal"],
    format: "madr",
  });
  expect(find(record.sections, "outcome")?.text).toContain("### Confirmation");
  expect(find(record.sections, "confirmation")?.text).toBe("A check of the schedule.");
});

test("MADR 2: status and date as a list below the title", () => {
  const { record } = parseAdr(
    "# ADR-0007: Use Kafka\n\n* Status: superseded by [ADR-0009](0009.md)\n* Deciders: Ann, Bo\n* Date: 2020-01-02\n\n## Context and Problem Statement\nx\n\n## Decision Outcome\ny\n",
  );
  expect(record).toMatchObject({
    title: "Use Kafka",
    status: "superseded",
    decisionMakers: ["Ann", "Bo"],
    date: "2020-01-02",
  });
});

test("Nygard's form: the status is a section, marks before it do not matter", () => {
  const { record } = parseAdr(
    "# 34. Use of Cloud Map\n\nDate: 2024-12-01\n\n## Status\n\n❌ Rejected\n\n## Context\nc\n\n## Decision\nd\n",
  );
  expect(record).toMatchObject({ title: "Use of Cloud Map", status: "rejected", date: "2024-12-01", format: "nygard" });
});

test.each([
  ["# 12 factor apps", "12 factor apps"],
  ["# 12. Factor apps", "Factor apps"],
  ["# 0012 - Factor apps", "Factor apps"],
  ["# ADR 12: Factor apps", "Factor apps"],
  ["# [ADR-0012] Factor apps", "Factor apps"],
  ["# 3D scenes", "3D scenes"],
])("%s has the title %s", (source, title) => {
  expect(parseAdr(source).record.title).toBe(title);
});

test.each([
  ["Superseded by [9. Use Kafka](0009-use-kafka.md)", "superseded", [["superseded_by", "0009-use-kafka.md", false]]],
  ["⌛️ Superseded [0019](0019-use-go.md)", "superseded", [["superseded_by", "0019-use-go.md", false]]],
  ["superseded by ADR-0123", "superseded", [["superseded_by", "0123", false]]],
  [
    "Superseded by ADR 5 and ADR 7",
    "superseded",
    [
      ["superseded_by", "5", false],
      ["superseded_by", "7", false],
    ],
  ],
  ["Superceded by 0042-use-go.md", "superseded", [["superseded_by", "0042-use-go.md", false]]],
  ["Partly superseded by [33](0033-ip.md)", "accepted", [["superseded_by", "0033-ip.md", true]]],
  [
    "Accepted\n\nSupersedes [2. Old](0002-old.md)\nAmends [3. Other](../b/0003-o.md)",
    "accepted",
    [
      ["supersedes", "0002-old.md", false],
      ["amends", "../b/0003-o.md", false],
    ],
  ],
  ["Accepted", "accepted", []],
  ["{proposed | accepted | superseded by ADR-0123}", null, [["superseded_by", "0123", false]]],
])("the status section “%s” claims what it says", (text, status, claims) => {
  const { record } = parseAdr(`# T\n\n## Status\n\n${text}\n\n## Context\nc\n\n## Decision\nd\n`);
  expect(record.status).toBe(status);
  expect(record.claims.map((c) => [c.kind, c.target, c.partly])).toEqual(claims);
});

test("a record that supersedes one in part says so in its context; a word about something else is no claim", () => {
  const { record } = parseAdr(
    "# T\n\n## Context\nThis ADR in part supersedes [0003](0003-net.md).\nTLS supersedes SSL 3.\n\n## Decision\nd\n",
  );
  expect(record.claims).toMatchObject([{ kind: "supersedes", target: "0003-net.md", partly: true }]);
});

test("a heading inside a code block is text", () => {
  const { record } = parseAdr("# T\n\n## Context\n```\n## Not a section\n```\n");
  expect(record.sections.map((s) => s.title)).toEqual(["Context"]);
});

test.each([
  ["nothing", "", "no title"],
  ["front matter that is not YAML", "---\nstatus: [\n---\n# T\n\n## A\nb", "not valid YAML"],
  ["front matter that is a list", "---\n- a\n---\n# T\n\n## A\nb", "key: value"],
  ["a status nobody knows", "---\nstatus: maybe\n---\n# T\n\n## A\nb", "“maybe” is none of"],
  ["no outcome", "# T\n\n## Context and Problem Statement\nx", "what was decided"],
  ["a title and nothing else", "# T", "no section with text"],
  [
    "YAML that explodes",
    `---\na: &a [x,x,x,x,x,x,x,x,x]\n${"bcdefgh"
      .split("")
      .map((k, i) => `${k}: &${k} [${Array(9).fill(`*${"abcdefgh"[i]}`).join(",")}]`)
      .join("\n")}\n---\n# T\n\n## A\nb`,
    "front matter cannot be read",
  ],
])("%s is a fault, not a crash", (_, source, words) => {
  expect(
    parseAdr(source)
      .faults.map((f) => f.text)
      .join(" "),
  ).toContain(words);
});

test.each([
  ["unclosed fence", "# T\n\n```\nx"],
  ["byte order mark and CRLF", "\uFEFF---\r\nstatus: proposed\r\n---\r\n# T\r\n\r\n## Context\r\nx\r\n"],
  ["deep quotes", `# T\n\n${">".repeat(3000)} x`],
  ["many brackets", `# T\n\n${"[".repeat(20_000)}`],
  ["many emphasis marks", `# T\n\n${"*a ".repeat(20_000)}`],
  ["a heading of marks only", "# \n\n## **\n\n#"],
  ["prototype names", "---\n__proto__: x\nconstructor: y\nstatus: constructor\n---\n# T\n\n## toString\nx"],
])("%s is read in reasonable time", (_, source) => {
  const started = performance.now();
  parseAdr(source);
  expect(performance.now() - started).toBeLessThan(5000);
});

test.each(templates.map((t) => [t.name, t] as const))(
  "the template %s is read back without losing a section",
  (_, template) => {
    const { record, faults } = parseAdr(template.content);
    expect(faults).toEqual([]);
    expect(record).toMatchObject({ status: template.id === "madr-minimal" ? null : "proposed", decisionMakers: [] });
    expect(record.format).toBe(template.id === "nygard" ? "nygard" : "madr");
    expect(record.sections.map((s) => s.title)).toContain(template.id === "nygard" ? "Decision" : "Decision Outcome");
  },
);

const corpus = path.resolve("../shared/data/adr-corpus");

describe.skipIf(!existsSync(corpus))("real collections (skipped: ../shared/data/adr-corpus is not there)", () => {
  const files = () =>
    readdirSync(corpus, { recursive: true, encoding: "utf8" })
      .filter((f) => /\/\d{4}-[^/]*\.md$/.test(f))
      .map((f) => ({ file: path.basename(f), ...parseAdr(readFileSync(path.join(corpus, f), "utf8")) }));

  test("every record has a title and sections, and says what was decided, but for the two that have no such section", () => {
    const read = files();
    expect(read.length).toBeGreaterThan(100);
    expect(read.filter((r) => !r.record.title || r.record.sections.length === 0)).toEqual([]);
    expect(
      read
        .filter((r) => !find(r.record.sections, "outcome"))
        .map((r) => r.file)
        .sort(),
    ).toEqual(["0022-patching-strategy.md", "0039-non-govuk-domain-policy.md"]);
  });

  test("what they claim about one another leads to files of their own collection, and to the right ones", () => {
    const all = readdirSync(corpus, { recursive: true, encoding: "utf8" }).filter((f) => f.endsWith(".md"));
    const claimed = all.flatMap((from) =>
      parseAdr(readFileSync(path.join(corpus, from), "utf8")).record.claims.map((claim) => {
        const to = claim.target === null ? null : fileOfClaim(claim.target, from, all);
        return `${path.basename(from).slice(0, 4)} ${claim.kind} ${to === null ? null : path.basename(to).slice(0, 4)}${claim.partly ? " in part" : ""}`;
      }),
    );
    expect(claimed.sort()).toEqual([
      "0004 superseded_by 0015",
      "0004 superseded_by 0019",
      "0010 amended_by 0017",
      "0017 amends 0010",
      "0033 supersedes 0003 in part",
    ]);
  });

  test("at least three in four say a status that we know", () => {
    const read = files();
    expect(read.filter((r) => r.record.status !== null).length / read.length).toBeGreaterThan(0.75);
  });
});
