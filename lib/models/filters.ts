import { modelFilter } from "./list-input";
import {
  kindName,
  legalClasses,
  legalClassName,
  modelKinds,
  platformName,
  platforms,
  servingName,
  servingTypes,
  stageName,
  stages,
} from "./model";

type Choice = { key: string; name: string; options: { value: string; label: string }[] };

/** The filters of the list with their words; `key` is the name in the address. */
export function modelFilters(facets: {
  units: readonly { slug: string; name: string }[];
  sources: readonly string[];
}): Choice[] {
  return [
    {
      key: "tier",
      name: "Tier",
      options: [
        ...["1", "2", "3", "4"].map((value) => ({ value, label: value })),
        { value: "none", label: "not assessed" },
      ],
    },
    { key: "stage", name: "Stage", options: stages.map((value) => ({ value, label: stageName[value] })) },
    {
      key: "unit",
      name: "Business unit",
      options: [...facets.units.map((u) => ({ value: u.slug, label: u.name })), { value: "none", label: "no unit" }],
    },
    {
      key: "readiness",
      name: "Readiness shows",
      options: [
        { value: "fail", label: "a fail" },
        { value: "unknown", label: "an unknown" },
        { value: "ready", label: "all answered, none failed" },
        { value: "none", label: "never assessed" },
      ],
    },
    {
      key: "gate",
      name: "Gate",
      options: [
        { value: "deny", label: "Deny" },
        { value: "allow", label: "Allow" },
        { value: "unknown", label: "Cannot tell" },
        { value: "none", label: "No request" },
      ],
    },
    { key: "platform", name: "Platform", options: platforms.map((value) => ({ value, label: platformName[value] })) },
    { key: "kind", name: "Kind", options: modelKinds.map((value) => ({ value, label: kindName[value] })) },
    {
      key: "tierMark",
      name: "Tier is",
      options: [
        { value: "rescore", label: "to be scored again" },
        { value: "overridden", label: "set by hand" },
      ],
    },
    { key: "serving", name: "Serving", options: servingTypes.map((value) => ({ value, label: servingName[value] })) },
    {
      key: "source",
      name: "Source",
      options: [
        ...facets.sources.map((value) => ({ value, label: value })),
        { value: "manual", label: "entered by hand" },
      ],
    },
    {
      key: "legalClass",
      name: "EU AI Act class",
      options: [
        ...legalClasses.map((value) => ({ value, label: legalClassName[value] })),
        { value: "none", label: "not assessed" },
      ],
    },
    {
      key: "ends",
      name: "End of life planned",
      options: [
        { value: "yes", label: "yes" },
        { value: "no", label: "no" },
      ],
    },
    { key: "owner", name: "Owner", options: [{ value: "none", label: "nobody" }] },
  ];
}

/** The part of a page's address that the list understands; the rest (hidden columns) is the screen's own. */
export function listParams(
  params: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string | string[]> {
  const known = [...Object.keys(modelFilter), "order", "after"];
  return Object.fromEntries(
    Object.entries(params).flatMap(([key, value]) =>
      value && value !== "" && known.includes(key) ? [[key, value]] : [],
    ),
  );
}
