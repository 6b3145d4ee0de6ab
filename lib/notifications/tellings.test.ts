import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { askKinds, noticeKinds } from "./notification";
import { type Happened, placeOf, thingOf, threadOf } from "./place";
import { tellings, tellsNobody } from "./tellings";

/** Every name that a command gives its entry, read from the sources, so that jobs and hooks count too. */
const written = fs
  .readdirSync("lib", { recursive: true, withFileTypes: true })
  .filter(
    (f) => f.isFile() && f.name.endsWith(".ts") && !f.name.includes(".test.") && !f.parentPath.includes("testing"),
  )
  .flatMap((f) => {
    const text = fs.readFileSync(path.join(f.parentPath, f.name), "utf8");
    return [...text.matchAll(/command(?:<[^(]*>)?\(\{\s*name: "([a-z_.]+)"/g)].map((m) => m[1] ?? "");
  })
  .sort();
const nobody = Object.values(tellsNobody).flat();

test("the sources were understood", () => {
  expect(written).toContain("review.decision.recorded");
  expect(written).toContain("campaign.pursued");
  expect(written.length).toBeGreaterThan(150);
});

test.each(written)("%s tells someone, or is said to tell nobody", (name) => {
  const places = [name in tellings, nobody.includes(name)].filter(Boolean).length;
  expect(places, `list ${name} once in lib/notifications/tellings.ts: under tellings or under tellsNobody`).toBe(1);
});

test("nothing is listed that no command writes, and nothing twice", () => {
  const listed = [...Object.keys(tellings), ...nobody];
  expect(listed.filter((name) => !written.includes(name))).toEqual([]);
  expect(listed.length).toBe(new Set(listed).size);
});

test.each(Object.entries(tellings))("%s asks only under kinds that ask, in a sentence", (_name, list) => {
  const asking: readonly string[] = askKinds;
  expect(list.length).toBeGreaterThan(0);
  for (const { kind, ask } of list) {
    expect(noticeKinds).toContain(kind);
    expect(asking.includes(kind)).toBe(ask !== undefined);
    if (ask) expect(ask).toMatch(/^[A-Z].{5,80}\.$/);
  }
});

const happened: Happened = {
  name: "x.done",
  subjectKind: "review",
  subjectId: "1",
  subjectRef: "REV-0007",
  model: "card-fraud-score",
  reviewId: null,
  review: null,
  item: null,
};
test.each<[Partial<Happened>, string, string, string]>([
  [{}, "/reviews/REV-0007", "REV-0007, card-fraud-score", "review:1"],
  [
    { subjectKind: "condition", subjectRef: "CON-0002", reviewId: "9", review: "REV-0007" },
    "/reviews/REV-0007#CON-0002",
    "CON-0002, card-fraud-score",
    "review:9",
  ],
  [
    { subjectKind: "finding", subjectRef: "FND-0001" },
    "/models/card-fraud-score",
    "FND-0001, card-fraud-score",
    "finding:1",
  ],
  [
    { subjectKind: "waiver", subjectRef: "WVR-0001", item: "mon-1" },
    "/models/card-fraud-score/readiness?show=all&item=mon-1#mon-1",
    "WVR-0001, card-fraud-score",
    "waiver:1",
  ],
  [
    { subjectKind: "model", subjectRef: "card-fraud-score", name: "risk.rescore.asked" },
    "/models/card-fraud-score/risk",
    "card-fraud-score",
    "model:1",
  ],
  [{ subjectKind: "campaign", subjectRef: "CMP-1, CMP-2", model: null }, "/campaigns", "CMP-1, CMP-2", "campaign:1"],
  [{ subjectKind: "deployment", subjectRef: "a b 3", model: "a b" }, "/models/a%20b", "a b 3", "deployment:1"],
  [{ subjectKind: "person", subjectRef: "a@example.com", model: null }, "/account", "a@example.com", "person:1"],
])("%o has its page, its name and its thread", (given, href, thing, thread) => {
  const e = { ...happened, ...given };
  expect([placeOf(e), thingOf(e), threadOf(e)]).toEqual([href, thing, thread]);
});
