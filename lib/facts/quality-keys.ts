import { factOf as key, knownBy, maxAge } from "./fact-key";

const { auto } = maxAge;
const { dataPlatform } = knownBy;

/** What validations of data say (lib/validations). */
export const qualityKeys = [
  key("data.gates_passed", "boolean", "model", auto, dataPlatform, "The last run of every suite met its expectations."),
  key("data.expectations", "number", "model", auto, dataPlatform, "Expectations that were evaluated.", "expectation"),
  key("data.expectations_unmet", "number", "model", auto, dataPlatform, "Expectations not met.", "expectation"),
];
