import { factOf as key, knownBy, maxAge } from "./fact-key";

const { auto } = maxAge;
const { dataPlatform } = knownBy;

/** What validations of data (lib/validations) and feature stores (lib/connectors/feast) say. */
export const qualityKeys = [
  key("data.gates_passed", "boolean", "model", auto, dataPlatform, "The last run of every suite met its expectations."),
  key("data.expectations", "number", "model", auto, dataPlatform, "Expectations that were evaluated.", "expectation"),
  key("data.expectations_unmet", "number", "model", auto, dataPlatform, "Expectations not met.", "expectation"),
  key("features.views", "number", "model", auto, dataPlatform, "Materialised feature views that it reads.", "view"),
  key("features.views_stale", "number", "model", auto, dataPlatform, "Of them, older than their declared age.", "view"),
  key("features.materialized_at", "instant", "model", auto, dataPlatform, "When the oldest was last materialised."),
  key("features.online", "boolean", "model", auto, dataPlatform, "All of them are in the online store."),
  key("features.owned", "boolean", "model", auto, dataPlatform, "All of them, and the service, have an owner."),
];
