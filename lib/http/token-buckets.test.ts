import { expect, test } from "vitest";
import { tokenBuckets } from "./token-buckets";

function at(share: { perSecond: number; burst: number }) {
  const clock = { now: 1000 };
  return { clock, buckets: tokenBuckets(share, () => clock.now) };
}

test("a burst, then as many as come back, and the wait that is told is enough and not too long", () => {
  const { clock, buckets } = at({ perSecond: 4, burst: 3 });
  expect([1, 2, 3, 4].map(() => buckets.take("a"))).toEqual([0, 0, 0, 250]);
  clock.now += 249;
  expect(buckets.take("a")).toBeCloseTo(1);
  clock.now += 1;
  expect([1, 2].map(() => buckets.take("a"))).toEqual([0, 250]);
});

test("a thousand a second get through as fast as the share says, and another key is not touched", () => {
  const { clock, buckets } = at({ perSecond: 20, burst: 100 });
  let through = 0;
  for (let i = 0; i < 10_000; i++) {
    clock.now += 1;
    if (buckets.take("loud") === 0) through++;
    if (i % 100 === 0) expect(buckets.take("quiet")).toBe(0);
  }
  // A sum of twentieths falls short of whole by a hair.
  expect(through).toBeGreaterThanOrEqual(100 + 20 * 10 - 1);
  expect(through).toBeLessThanOrEqual(100 + 20 * 10);
});

test("a pause gives the burst back and no more", () => {
  const { clock, buckets } = at({ perSecond: 10, burst: 2 });
  clock.now += 3_600_000;
  expect([1, 2, 3].map(() => buckets.take("a") === 0)).toEqual([true, true, false]);
});

test("whoever tries a million tokens leaves none of them behind, and a drained one is not forgotten", () => {
  const { clock, buckets } = at({ perSecond: 10, burst: 10 });
  for (let i = 0; i < 1_000_000; i++) {
    clock.now += 0.01;
    buckets.take(`stranger ${i}`);
  }
  expect(buckets.size()).toBeLessThan(210_000);
  for (let i = 0; i < 10; i++) buckets.take("loud");
  clock.now += 999;
  for (let i = 0; i < 10; i++) buckets.take("loud");
  clock.now += 500;
  buckets.take("sweeps");
  expect(buckets.take("loud")).toBe(0);
  clock.now += 1001;
  buckets.take("sweeps");
  expect(buckets.size()).toBeLessThanOrEqual(2);
});
