import { expect, test } from "vitest";
import { jsonOf } from "@/lib/http/report";
import { validationsOf } from "./great-expectations";

const statistics = (evaluated: number, unsuccessful: number) => ({
  evaluated_expectations: evaluated,
  successful_expectations: evaluated - unsuccessful,
  unsuccessful_expectations: unsuccessful,
  success_percent: evaluated === 0 ? null : ((evaluated - unsuccessful) / evaluated) * 100,
});
const fine = { raised_exception: false, exception_traceback: null, exception_message: null };
/** As Great Expectations 1.24 wrote it, shortened. */
const one = {
  success: false,
  results: [
    {
      success: false,
      expectation_config: {
        type: "expect_column_values_to_not_be_null",
        kwargs: { batch_id: "pd-payments", column: "amount" },
        meta: {},
        severity: "critical",
      },
      result: { element_count: 3, unexpected_count: 1, partial_unexpected_list: [null] },
      meta: {},
      exception_info: fine,
    },
    {
      success: true,
      expectation_config: { type: "expect_table_row_count_to_be_between", kwargs: { min_value: 1 }, meta: {} },
      result: { observed_value: 3 },
      meta: {},
      exception_info: fine,
    },
  ],
  suite_name: "payments suite",
  suite_parameters: {},
  statistics: statistics(2, 1),
  meta: {
    great_expectations_version: "1.24.1",
    active_batch_definition: { datasource_name: "pd", data_asset_name: "payments", batch_identifiers: {} },
    run_id: { run_name: null, run_time: "2026-11-21T21:15:21.618874+00:00" },
    validation_time: "2026-11-21T21:15:21.618874+00:00",
  },
  id: null,
};
/** As 0.18 wrote it. */
const before = (suite: string, unsuccessful = 0, runId: unknown = "by hand") => ({
  success: unsuccessful === 0,
  results: Array.from({ length: unsuccessful }, (_, i) => ({
    success: false,
    expectation_config: { expectation_type: "expect_column_max_to_be_between", kwargs: { column: `c${i}` }, meta: {} },
    result: {},
    exception_info: fine,
  })),
  evaluation_parameters: {},
  statistics: statistics(4, unsuccessful),
  meta: {
    great_expectations_version: "0.18.22",
    expectation_suite_name: suite,
    run_id: runId,
    validation_time: "20261120T090000.500000Z",
    batch_kwargs: { data_asset_name: "features" },
  },
});

test("a validation of 1.x and of 0.x is read, with suite, asset, time and what was not met", () => {
  const told = {
    suite: "payments suite",
    asset: "payments",
    ranAt: new Date("2026-11-21T21:15:21.618Z"),
    success: false,
    evaluated: 2,
    failed: 1,
    unmet: ["expect_column_values_to_not_be_null of amount"],
  };
  expect(validationsOf(one)).toEqual([told]);
  expect(validationsOf([one, { ...one, suite_name: "other" }]).map((v) => v.suite)).toEqual([
    "payments suite",
    "other",
  ]);
  expect(validationsOf(before("drift"))).toEqual([
    {
      suite: "drift",
      asset: "features",
      ranAt: new Date("2026-11-20T09:00:00Z"),
      success: true,
      evaluated: 4,
      failed: 0,
      unmet: [],
    },
  ]);
});

test("a checkpoint of 0.x holds several; parts of one suite on one asset are one, and the worst and oldest stands", () => {
  const run = (at: string) => ({ run_name: "nightly", run_time: at });
  const found = validationsOf({
    success: false,
    run_id: run("2026-11-20T08:00:00+00:00"),
    run_results: {
      "ValidationResultIdentifier::a": { validation_result: before("a", 0, run("2026-11-20T08:30:00+00:00")) },
      "ValidationResultIdentifier::b": { validation_result: before("a", 2, run("2026-11-20T08:10:00+00:00")) },
      "ValidationResultIdentifier::c": { validation_result: before("c"), actions_results: {} },
    },
  });
  expect(found).toMatchObject([
    { suite: "a", ranAt: new Date("2026-11-20T08:10:00Z"), success: false, evaluated: 8, failed: 2 },
    { suite: "c", success: true },
  ]);
});

test("a success that its own results deny is none", () => {
  expect(validationsOf({ ...one, success: true, statistics: statistics(2, 0) })).toMatchObject([
    { success: false, failed: 1 },
  ]);
});

test("what Python writes for no number is read as nothing, and stays in texts", () => {
  const bytes = Buffer.from('{"a": NaN, "b": [-Infinity, Infinity], "c": "NaN and \\"Infinity\\""}');
  expect(jsonOf(bytes, true)).toEqual({ a: null, b: [null, null], c: 'NaN and "Infinity"' });
  expect(() => jsonOf(bytes)).toThrow("not valid JSON");
});

test("what is no result, evaluated nothing or names no suite is refused with the place", () => {
  const refused = (value: unknown, words: string) => expect(() => validationsOf(value)).toThrow(words);
  refused({}, "success");
  refused("text", "no result of Great Expectations");
  refused([], "ran no validation");
  refused([one, { success: "yes" }], "1.success");
  refused({ ...one, statistics: { evaluated_expectations: -1 } }, "statistics.evaluated_expectations");
  refused({ run_id: "x", run_results: { k: { validation_result: { success: 1 } } } }, "run_results.k");
  refused({ success: true, validation_results: [] }, "to_json_dict()");
  refused({ ...one, success: true, results: [], statistics: statistics(0, 0) }, "evaluated no expectation");
  refused({ ...one, suite_name: undefined }, "does not name its suite");
});
