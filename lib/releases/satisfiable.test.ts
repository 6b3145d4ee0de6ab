import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Role } from "@/lib/core/rights";
import type { Requirement } from "./policy";
import { type Candidate, satisfiable } from "./satisfiable";
import { seat } from "./seats";

const some: readonly Role[] = ["contributor", "security", "privacy", "board_chair"];
const need = (roles: readonly Role[], count = 1, title = roles.join(" ")): Requirement => ({
  id: "r",
  title,
  roles: [...roles],
  count,
});
const person = (name: string, roles: readonly Role[], more: Partial<Candidate> = {}): Candidate => ({
  id: name,
  name,
  active: true,
  admin: false,
  roles,
  ...more,
});

const needs = fc.array(
  fc.record({ roles: fc.subarray([...some], { minLength: 1 }), count: fc.integer({ min: 1, max: 2 }) }),
  { maxLength: 4 },
);
const crowd = fc
  .array(
    fc.record({
      roles: fc.subarray([...some]),
      active: fc.integer({ min: 0, max: 4 }).map((n) => n > 0),
      admin: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
    }),
    { maxLength: 6 },
  )
  .map((list) => list.map((p, i) => person(`P${i}`, p.roles, { active: p.active, admin: p.admin })));

/** The most seats that can be taken, by trying every way to give each person one seat or none. */
function brute(
  requirements: readonly { roles: readonly Role[]; count: number }[],
  people: readonly Candidate[],
): number {
  const [first, ...rest] = people;
  if (!first) return 0;
  let best = brute(requirements, rest);
  requirements.forEach((r, i) => {
    if (r.count === 0 || !first.roles.some((role) => r.roles.includes(role))) return;
    const left = requirements.map((x, j) => (j === i ? { ...x, count: x.count - 1 } : x));
    best = Math.max(best, 1 + brute(left, rest));
  });
  return best;
}
const total = (requirements: readonly { count: number }[]) => requirements.reduce((n, r) => n + r.count, 0);

test("as many seats are taken as trying every way finds, each person in one, by a role they hold", () => {
  fc.assert(
    fc.property(needs, crowd, (requirements, people) => {
      const { seated, full, short } = seat(requirements, people);
      const all = seated.flat();
      expect(all.length).toBe(brute(requirements, people));
      expect(new Set(all).size).toBe(all.length);
      expect(full).toBe(all.length === total(requirements));
      expect(short.reduce((n, s) => n + s.missing, 0)).toBe(total(requirements) - all.length);
      seated.forEach((ids, i) => {
        expect(ids.length).toBeLessThanOrEqual(requirements[i]?.count ?? 0);
        for (const id of ids)
          expect(people.find((p) => p.id === id)?.roles.some((r) => requirements[i]?.roles.includes(r))).toBe(true);
      });
      // What is named as short of people is: its requirements together ask for more than can sit there.
      for (const { among } of short) {
        const these = among.flatMap((i) => requirements[i] ?? []);
        const able = people.filter((p) => p.roles.some((r) => these.some((n) => n.roles.includes(r))));
        expect(able.length).toBeLessThan(total(these));
      }
    }),
    { numRuns: 500 },
  );
});

test("a unit and tier passes exactly when every requester, with every trainer, leaves enough different people", () => {
  fc.assert(
    fc.property(needs, crowd, fc.subarray(["P0", "P1", "P9"]), (given, people, trained) => {
      const requirements = given.map((g) => need(g.roles, g.count));
      const trainers = trained.map((id) => ({ id, name: id }));
      const answer = satisfiable(requirements, people, people, trainers);
      const requesters = people.filter((p) => p.active && p.roles.includes("contributor"));
      const empty = (out: readonly string[]) =>
        total(requirements) -
        brute(
          requirements,
          people.filter((p) => p.active && !p.admin && !out.includes(p.id)),
        );
      const alone = requesters.map((r) => empty([r.id]));
      const pairs = requesters.flatMap((r) => [empty([r.id]), ...trained.map((t) => empty([r.id, t]))]);
      const worst = Math.max(0, ...pairs);
      const expected =
        requesters.length === 0 || alone.every((n) => n > 0) ? "blocked" : worst > 0 ? "depends" : "pass";
      expect(answer.state).toBe(expected);
      expect(answer.stuck).toBe(alone.filter((n) => n > 0).length);
      expect(answer.missing.reduce((n, m) => n + m.count, 0)).toBe(worst);
      expect(answer.reasons.length > 0).toBe(answer.state !== "pass");
    }),
    { numRuns: 500 },
  );
});

describe("the sentence names the reason", () => {
  const priya = person("Priya", ["contributor"]);
  const says = (...args: Parameters<typeof satisfiable>) => satisfiable(...args).reasons;

  test("nobody holds the role", () => {
    expect(says([need(["privacy"], 1, "Privacy")], [priya])).toEqual(["Privacy: nobody holds the role Privacy here."]);
  });
  test("everybody who holds it is inactive", () => {
    expect(says([need(["privacy"], 1, "Privacy")], [priya, person("Bea", ["privacy"], { active: false })])).toEqual([
      "Privacy: everybody who holds the role Privacy here is inactive (Bea).",
    ]);
  });
  test("only administrators hold it", () => {
    expect(says([need(["security"], 1, "Security")], [priya, person("Elin", ["security"], { admin: true })])).toEqual([
      "Security: only administrators hold the role Security here (Elin), and they take part in no decision.",
    ]);
  });
  test("the sole approver is whoever asks: it depends on who that is", () => {
    const noor = person("Noor", ["contributor", "security"]);
    const answer = satisfiable([need(["security"], 1, "Security")], [priya, noor]);
    expect(answer).toMatchObject({ state: "depends", worst: { requester: "Noor", trainer: null }, stuck: 1 });
    expect(answer.reasons).toEqual([
      "Security: Noor alone holds the role Security here. Where Noor asks for the release, nobody else can sign.",
    ]);
    expect(satisfiable([need(["security"], 1, "Security")], [noor]).state).toBe("blocked");
  });
  test("the sole approver trained the version", () => {
    const noor = person("Noor", ["security"]);
    const answer = satisfiable([need(["security"], 1, "Security")], [priya, noor], [priya], [noor]);
    expect(answer).toMatchObject({ state: "depends", worst: { requester: "Priya", trainer: "Noor" }, stuck: 0 });
    expect(answer.reasons).toEqual([
      "Security: Noor alone holds the role Security here. Where Noor trained the version, nobody else can sign.",
    ]);
  });
  test("one person cannot fill two seats", () => {
    const both = person("Ingrid", ["security", "privacy"]);
    expect(says([need(["security"], 1, "Security"), need(["privacy"], 1, "Privacy")], [priya, both])).toEqual([
      "Security and Privacy: 2 different people with one of the roles Security or Privacy must sign, and only Ingrid can.",
    ]);
  });
  test("nobody can ask", () => {
    expect(says([], [person("Noor", ["security"])])).toEqual([
      "Nobody can ask for a release: nobody holds the role Model owner here.",
    ]);
    expect(says([], [person("Priya", ["contributor"], { active: false })])).toEqual([
      "Nobody can ask for a release: everybody who holds the role Model owner here is inactive (Priya).",
    ]);
  });
  test("no signature asked for: whoever asks passes", () => {
    expect(satisfiable([], [priya]).state).toBe("pass");
  });
});
