import { expect, test } from "vitest";
import { modelAdrs } from "./data/adrs-models";
import { platformAdrs } from "./data/adrs-platform";
import { portfolio, seedModels } from "./portfolio";

test("the demo organisation has 60 use cases and 120 models, no two names alike", () => {
  const useCases = Object.values(portfolio).flat();
  expect(useCases).toHaveLength(60);
  expect(new Set(useCases.map((u) => u.name)).size).toBe(60);
  expect(seedModels).toHaveLength(120);
  expect(new Set(seedModels.map((m) => m.name)).size).toBe(120);
});

test("its 40 decisions have titles of their own, name models that exist and successors that exist", () => {
  const adrs = [...platformAdrs, ...modelAdrs];
  const titles = new Set(adrs.map((a) => a.title));
  const models = new Set(seedModels.map((m) => m.name));
  expect(titles.size).toBe(40);
  for (const adr of adrs) {
    if (adr.model) expect(models, adr.title).toContain(adr.model);
    if (adr.supersededBy) expect(titles, adr.title).toContain(adr.supersededBy);
  }
});

test("twelve answers or none for each model's risk questions", () => {
  for (const model of seedModels) if (model.risk) expect(model.risk, model.name).toMatch(/^[0-4?]{12}$/);
});
