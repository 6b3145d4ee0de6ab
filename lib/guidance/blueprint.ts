import "server-only";
import { z } from "zod";
import { loadContent, newestOfEach } from "@/lib/content/load";
import { query } from "@/lib/core/query";
import { Refusal } from "@/lib/core/refusal";
import { mustSee } from "./see";

/** The target state with its phases; each exit criterion that a KPI shows comes with that KPI's name and target. */
export const getBlueprint = query({
  name: "blueprint.get",
  title: "Read the target state and the roadmap",
  http: { method: "GET", path: "/blueprint" },
  input: z.strictObject({ version: z.coerce.number().int().min(1).max(10_000).optional() }),
  run: async (_read, { version }, actor) => {
    mustSee(actor);
    const { blueprints, kpis } = loadContent();
    const found = blueprints.find((b) => version === undefined || b.version === version);
    if (!found)
      throw new Refusal("not_found", version ? `The blueprint has no version ${version}.` : "There is no blueprint.");
    const { bytes: _bytes, file: _file, phases, ...blueprint } = found;
    const known = newestOfEach(kpis).flatMap((f) => f.kpis);
    return {
      ...blueprint,
      phases: phases.map((p) => ({
        ...p,
        needs: p.needs.map((id) => ({ id, title: phases.find((q) => q.id === id)?.title ?? id })),
        exit: p.exit.map(({ text, kpi }) => {
          const shown = known.find((k) => k.n === kpi);
          return { text, kpi: shown ? { n: shown.n, name: shown.name, target: shown.target.text } : null };
        }),
      })),
      versions: blueprints.map((b) => ({ version: b.version, digest: b.digest, published: b.published })),
    };
  },
});
