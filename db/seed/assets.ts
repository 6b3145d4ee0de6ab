import { linkAsset } from "@/lib/assets/link";
import { registerAsset } from "@/lib/assets/register";
import { planEndOfLife } from "@/lib/models/end-of-life";
import { enteredDaysAgo } from "./inventory";
import { addressOf } from "./personas";
import { type PlacedModel, portfolio, seedModels } from "./portfolio";
import type { World } from "./world";

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");

/** What each use case's models are made from: a dataset, a feature table beside it, the pipeline that trains them. */
export function planAssets(world: World): void {
  for (const [unit, useCases] of Object.entries(portfolio)) {
    for (const [i, u] of useCases.entries()) {
      const [first] = u.models;
      const models = seedModels.filter((m) => m.useCase === u.name);
      const at = world.before(Math.min(...models.map(enteredDaysAgo)) - 2, 9, 10);
      const name = slug(u.name);
      const personal = models.some((m) => /[34]/.test(m.risk?.[4] ?? ""));
      const made = [
        {
          kind: "dataset",
          name: `${unit}.${name}`,
          description: `What ${u.name.toLowerCase()} learns from, frozen at each quarter's end.`,
          dataClass: personal ? "personal" : "confidential",
          location: `s3://halden-${unit}/curated/${name}`,
        },
        ...(i % 2 === 0
          ? [
              {
                kind: "feature",
                name: `${unit}.${name}.features`,
                description: "Served online and offline from one definition.",
                dataClass: personal ? "personal" : "internal",
                location: `feast://${unit}/${name}`,
              },
            ]
          : []),
        ...(i % 3 === 0
          ? [
              {
                kind: "pipeline",
                name: `train-${name}`,
                description: "Trains, evaluates and registers a candidate each week.",
                location: `https://git.halden.example/${unit}/${name}`,
              },
            ]
          : []),
      ];
      world.plan(at, `assets of ${u.name}`, async () => {
        for (const asset of made) {
          const { id } = await registerAsset(world.as(first.owner), {
            ...asset,
            platform: first.platform,
            businessUnit: unit,
            owner: addressOf(first.owner),
          });
          for (const m of models.filter((m) => m.stage !== "retired"))
            await linkAsset(world.as(m.owner), {
              asset: id,
              model: m.name,
              ...(asset.kind === "dataset" ? { assetVersion: "2026-Q3" } : {}),
            });
        }
      });
    }
  }
}

/** Models that are being retired have a date, a reason, and a successor of the same use case where one lives on. */
export function planEnds(world: World): void {
  for (const m of seedModels.filter((m) => m.stage === "retiring")) {
    const heir = seedModels.find(
      (o: PlacedModel) => o.useCase === m.useCase && o.name !== m.name && o.stage === "live",
    );
    world.planFor(m.name, world.before(40, 10), `plan the end of ${m.name}`, async () => {
      await planEndOfLife(world.as(m.owner), {
        name: m.name,
        date: new Date(world.today.getTime() + 75 * 86_400_000).toISOString().slice(0, 10),
        ...(heir ? { successor: heir.name } : {}),
        reason: heir ? `${heir.name} does the same better.` : "The process that it served ends.",
        consumersToldOn: world.before(35).toISOString().slice(0, 10),
      });
    });
  }
}
