import fc from "fast-check";
import { expect, test } from "vitest";
import { type Basis, bases, type Dimension, type Judged, judged, levelOf, profileOf } from "./maturity";

const dimension = (id: string, overlay = false): Dimension => ({
  id,
  title: id,
  overlay,
  statements: [1, 2, 3, 4].map((level) => ({ id: `${id}-${level}`, level, text: `${id} ${level}`, measured: [] })),
});
const answers = (id: string, given: readonly [boolean, Basis][]): Judged[] =>
  given.map(([holds, basis], i) => ({ statement: `${id}-${i + 1}`, holds, basis, note: "", evidence: null }));

test("a level needs all below it, and what is only claimed carries no further than level 2", () => {
  const one = dimension("a");
  expect(levelOf(one, [])).toBe(0);
  expect(
    levelOf(
      one,
      answers("a", [
        [true, "claimed"],
        [true, "claimed"],
        [true, "claimed"],
        [true, "claimed"],
      ]),
    ),
  ).toBe(2);
  expect(
    levelOf(
      one,
      answers("a", [
        [true, "claimed"],
        [true, "claimed"],
        [true, "measured"],
        [true, "evidenced"],
      ]),
    ),
  ).toBe(4);
  expect(
    levelOf(
      one,
      answers("a", [
        [true, "measured"],
        [false, "measured"],
        [true, "measured"],
        [true, "measured"],
      ]),
    ),
  ).toBe(1);
});

test("what was measured wins over what was said, both ways; with a link it is evidenced, without one claimed", () => {
  const said = (yes: boolean, evidence: string | null = null) => [{ statement: "a-1", yes, note: "", evidence }];
  expect(judged(said(true), new Map([["a-1", false]]))[0]).toMatchObject({ holds: false, basis: "measured" });
  expect(judged(said(false), new Map([["a-1", true]]))[0]).toMatchObject({ holds: true, basis: "measured" });
  expect(judged(said(true), new Map([["a-1", null]]))[0]).toMatchObject({ holds: true, basis: "claimed" });
  expect(judged(said(true, "https://wiki.example/x"), new Map())[0]).toMatchObject({ basis: "evidenced" });
});

test("the overall level is the lowest; an overlay does not lower it; to take a yes away never raises anything", () => {
  const all = [dimension("a"), dimension("b"), dimension("o", true)];
  const given = fc.array(fc.tuple(fc.boolean(), fc.constantFrom(...bases)), { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(given, given, fc.nat({ max: 7 }), (a, b, which) => {
      const before = [...answers("a", a), ...answers("b", b)];
      const { levels, overall } = profileOf(all, before);
      expect(overall).toBe(Math.min(levels.a ?? 9, levels.b ?? 9));
      const less = profileOf(
        all,
        before.map((x, i) => (i === which ? { ...x, holds: false } : x)),
      );
      expect(less.overall).toBeLessThanOrEqual(overall);
    }),
  );
});
