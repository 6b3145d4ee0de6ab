import { z } from "zod";
import { manyOf } from "@/lib/core/many";

/** Guidance beside the reference architectures: what to keep to, how to choose, what to do when it breaks. */
export const guideKinds = ["standard", "playbook", "runbook"] as const;
export type GuideKind = (typeof guideKinds)[number];

/** What a group of them is called, and what it is for. */
export const guideKindWords: Record<GuideKind, { many: string; lede: string }> = {
  standard: { many: "Standards", lede: "What everybody keeps to, and why." },
  playbook: { many: "Playbooks", lede: "How to choose, with the arithmetic." },
  runbook: { many: "Runbooks", lede: "What to do at three in the morning." },
};

export const GuideList = z.strictObject({
  q: z.string().trim().max(200, "At most 200 characters.").optional(),
  kind: manyOf(z.enum(guideKinds)),
});

export const guideFilters = [
  { key: "kind", name: "Kind", options: guideKinds.map((value) => ({ value, label: guideKindWords[value].many })) },
] as const;
