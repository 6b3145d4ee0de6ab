/** Vocabulary of validations: what Great Expectations found about data that a model reads. */

/** Bytes of a result, validations in one, and expectations in all of them, at most. */
export const maxResultBytes = 20 * 1024 * 1024;
export const maxValidations = 200;
export const maxExpectations = 50_000;
/** Unmet expectations of a suite that are kept in words. */
export const maxUnmet = 50;

/** One suite run on one asset. Values of the data are in none of it. */
export type Validation = {
  suite: string;
  /** Table, file or batch; "" where the result does not say. */
  asset: string;
  /** Null where the result does not say. */
  ranAt: Date | null;
  success: boolean;
  evaluated: number;
  failed: number;
  /** As in `expect_column_values_to_not_be_null of amount`. */
  unmet: string[];
};
