import "server-only";
import { and, desc, eq, inArray, sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { adrs } from "@/db/schema/decisions";
import { evaluations } from "@/db/schema/evaluations";
import { models, modelVersions, riskAssessments, useCases } from "@/db/schema/models";
import type { Fact } from "@/lib/facts/fact";
import { currentFacts } from "@/lib/facts/queries";
import { currentAdoption } from "@/lib/patterns/queries";
import { assess } from "@/lib/readiness/assess";
import type { Fill } from "./fill";
import type { FilledId } from "./submission";

type Model = typeof models.$inferSelect;

/**
 * What the inventory, the risk answers, lineage, readiness, concluded evaluations and facts of cost say of a model, each for the
 * field of a submission where it belongs. A field that nothing is known of is left out: unknown is not empty text.
 */
export async function fillsFor(read: Reader, modelId: string, now: Date): Promise<Fill[]> {
  const [model] = await read.select().from(models).where(eq(models.id, modelId));
  if (!model) throw new Error(`model ${modelId} is not there`);
  const [version] = await read
    .select()
    .from(modelVersions)
    .where(eq(modelVersions.modelId, modelId))
    .orderBy(desc(modelVersions.registeredAt), desc(modelVersions.id))
    .limit(1);
  const facts = await currentFacts(
    read,
    [modelId, ...(version ? [version.id] : [])],
    ["cost", "run", "eval", "release", "slo", "vendor", "security"],
  );
  const groups = await Promise.all([
    inventory(read, model, version ?? null),
    risk(read, model),
    architecture(read, model),
    lineage(read, model),
    readiness(read, model, version?.id ?? null, now),
    evaluated(read, model),
    observed(model, version ?? null, facts),
  ]);
  const fills = groups.flat();
  // Of two sources of one field the first counts.
  return fills.filter((f, i) => f.text.trim() !== "" && fills.findIndex((g) => g.field === f.field) === i);
}

const page = (model: Model, tail = ""): string => `/models/${encodeURIComponent(model.name)}${tail}`;
const words = (text: string): string => text.replaceAll("_", " ");

async function inventory(
  read: Reader,
  model: Model,
  version: typeof modelVersions.$inferSelect | null,
): Promise<Fill[]> {
  const [useCase] = model.useCaseId ? await read.select().from(useCases).where(eq(useCases.id, model.useCaseId)) : [];
  const put = (field: FilledId, text: string | null | undefined, from: string, href: string): Fill[] =>
    text ? [{ field, text, from, href }] : [];
  const own = (field: FilledId, text: string | null | undefined) => put(field, text, "the inventory", page(model));
  const of = (field: FilledId, text: string | null | undefined) =>
    useCase ? put(field, text, `the use case ${useCase.ref}`, `/portfolio/use-cases/${useCase.ref}`) : [];
  return [
    ...of("system", useCase?.name),
    ...of("sponsor", useCase?.sponsor),
    ...of("problem", useCase?.problem),
    ...own("problem", model.description),
    ...of(
      "benefit",
      useCase?.valueAmount
        ? `Expected: ${useCase.valueCurrency ?? ""} ${Number(useCase.valueAmount).toLocaleString("en-GB")} a year${useCase.valueKind ? ` (${words(useCase.valueKind)})` : ""}.`
        : null,
    ),
    ...own("method", model.method),
    ...own("servingType", model.servingType ? `${words(model.servingType)}, on ${words(model.platform)}` : null),
    ...put(
      "baseModel",
      version?.baseModel
        ? `${version.baseModel}${version.licence ? `, ${version.licence}` : ", licence not known"}`
        : null,
      "the registry",
      page(model),
    ),
  ];
}

async function risk(read: Reader, model: Model): Promise<Fill[]> {
  const [answers] = await read
    .select()
    .from(riskAssessments)
    .where(eq(riskAssessments.modelId, model.id))
    .orderBy(desc(riskAssessments.answeredAt))
    .limit(1);
  if (!answers) return [];
  const drivers = answers.drivers.map((d) => `- ${d.text}`).join("\n");
  return [
    {
      field: "risk",
      text: `Tier ${answers.tier ?? "blocked"}${answers.provisional ? " (provisional: some answers are not known)" : ""}, legal class ${words(answers.legalClass)}.${drivers ? ` What drives it:\n\n${drivers}` : ""}`,
      from: "the risk answers",
      href: page(model, "/risk"),
    },
  ];
}

async function architecture(read: Reader, model: Model): Promise<Fill[]> {
  const adoption = await currentAdoption(read, model.id);
  if (!adoption) return [];
  return [
    {
      field: "reference",
      text: `${adoption.title ?? adoption.patternId}, version ${adoption.version}${adoption.deviations ? `, with deviations: ${adoption.deviations}` : ", without deviation"}`,
      from: "the pattern adopted",
      href: `/patterns/${adoption.patternId}`,
    },
  ];
}

async function lineage(read: Reader, model: Model): Promise<Fill[]> {
  const { rows } = await read.execute<{ name: string }>(sql`
    select distinct from_name as name from lineage_edge where model_id = ${model.id} and from_kind = 'dataset' order by 1 limit 40`);
  if (rows.length === 0) return [];
  return [
    {
      field: "sources",
      text: `Read by its runs: ${rows.map((r) => r.name).join(", ")}.`,
      from: "lineage",
      href: `/lineage?model=${encodeURIComponent(model.name)}`,
    },
  ];
}

async function readiness(read: Reader, model: Model, versionId: string | null, now: Date): Promise<Fill[]> {
  const found = await assess(read, model.id, versionId, now);
  const open = found.items.filter((i) => i.required && (i.state === "fail" || i.state === "unknown"));
  const { pass, total } = found.counts;
  return [
    {
      field: "risks",
      text:
        open.length === 0
          ? `Readiness on ${now.toISOString().slice(0, 10)}: every required item passes or is waived (${pass} of ${total} pass).`
          : `Readiness on ${now.toISOString().slice(0, 10)}: ${pass} of ${total} required items pass. Open:\n\n${open
              .slice(0, 25)
              .map((i) => `- ${i.title} (${i.state === "fail" ? "fails" : "not known"})`)
              .join("\n")}`,
      from: "readiness",
      href: page(model, "/readiness"),
    },
  ];
}

async function evaluated(read: Reader, model: Model): Promise<Fill[]> {
  const rows = await read
    .select({
      ref: evaluations.ref,
      options: evaluations.options,
      chosen: evaluations.chosen,
      conclusion: evaluations.conclusion,
    })
    .from(evaluations)
    .where(
      and(
        eq(evaluations.status, "concluded"),
        inArray(evaluations.adrId, read.select({ id: adrs.id }).from(adrs).where(eq(adrs.modelId, model.id))),
      ),
    )
    .orderBy(desc(evaluations.ref))
    .limit(1);
  return rows.map((e) => ({
    field: "options" as const,
    text: `${e.ref} weighed ${e.options.map((o) => o.name).join(", ")}; chosen: ${e.options.find((o) => o.key === e.chosen)?.name ?? "none"}. ${e.conclusion ?? ""}`.trim(),
    from: `the evaluation ${e.ref}`,
    href: `/guidance/evaluations/${e.ref}`,
  }));
}

/** What pipelines and platforms report. */
function observed(model: Model, version: typeof modelVersions.$inferSelect | null, facts: readonly Fact[]): Fill[] {
  const value = (key: string) => facts.findLast((f) => f.key === key)?.value;
  const text = (key: string) => (typeof value(key) === "string" ? String(value(key)) : null);
  const number = (key: string) => (typeof value(key) === "number" ? Number(value(key)) : null);
  const from = (field: FilledId, found: string | null, source: string, href: string): Fill[] =>
    found ? [{ field, text: found, from: source, href }] : [];
  const here = page(model);
  const repository = text("run.repository");
  const spend = number("cost.spend_monthly");
  const budget = number("cost.budget_monthly");
  const drilled = text("release.rollback_drilled_at")?.slice(0, 10);
  const seconds = number("release.rollback_seconds");
  const metrics = value("run.metrics");
  const euro = (n: number) => `EUR ${Math.round(n).toLocaleString("en-GB")}`;
  const measured =
    typeof metrics === "object" && metrics !== null && !Array.isArray(metrics)
      ? Object.entries(metrics)
          .slice(0, 12)
          .map(([name, n]) => `${name} ${n}`)
          .join(", ")
      : "";
  return [
    ...from(
      "training",
      repository ? `Trained by ${repository}${version?.trainedBy ? `, run by ${version.trainedBy}` : ""}.` : null,
      "the run",
      here,
    ),
    ...from(
      "evaluation",
      measured && version ? `Version ${version.version} measured: ${measured}.` : null,
      "the run",
      here,
    ),
    ...from(
      "estimate",
      spend === null && budget === null
        ? null
        : [
            ...(spend === null ? [] : [`${euro(spend)} spent in the last 30 days`]),
            ...(budget === null ? [] : [`${euro(budget)} a month budgeted`]),
          ].join("; "),
      "facts of cost",
      here,
    ),
    ...from(
      "rollback",
      drilled
        ? `A two-way door. Drilled on ${drilled}${seconds === null ? "" : `, ${Math.round(seconds)} seconds`}.`
        : null,
      "the last drill",
      here,
    ),
  ];
}
