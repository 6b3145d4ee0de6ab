import "server-only";
import { z } from "zod";
import { query } from "@/lib/core/query";
import { Refusal } from "@/lib/core/refusal";
import { guidesInForce, guideTexts, patternsInForce } from "@/lib/library/editions";
import { itemTitles } from "@/lib/patterns/queries";
import { GuideList, guideKinds } from "./guidance";
import { mustSee } from "./see";

/** The version in force of each standard, playbook and runbook, by kind and title. `q`: every word must occur in the text. */
export const listGuides = query({
  name: "guidance.list",
  title: "List standards, playbooks and runbooks",
  http: { method: "GET", path: "/guidance" },
  input: GuideList,
  run: async (read, wanted, actor) => {
    mustSee(actor);
    const words = wanted.q?.toLowerCase().split(/\s+/).filter(Boolean) ?? [];
    const all = await guidesInForce(read);
    return {
      total: all.length,
      items: all
        .filter((g) => !wanted.kind || wanted.kind.includes(g.kind))
        .filter((g) => words.every((w) => `${g.id} ${g.title} ${g.summary} ${g.markdown}`.toLowerCase().includes(w)))
        .sort((a, b) => guideKinds.indexOf(a.kind) - guideKinds.indexOf(b.kind) || a.title.localeCompare(b.title))
        .map(({ bytes: _bytes, markdown: _markdown, file: _file, ...guide }) => guide),
    };
  },
});

/** One text; the one in force if nothing is said. Items and patterns come with their titles. */
export const getGuide = query({
  name: "guidance.get",
  title: "Read a standard, playbook or runbook",
  http: { method: "GET", path: "/guidance/{id}" },
  input: z.strictObject({
    id: z.string().trim().min(1).max(120),
    version: z.coerce.number().int().min(1).max(10_000).optional(),
    /** One exact text, also of an own revision that is not in force any more. */
    digest: z.string().trim().min(1).max(64).optional(),
  }),
  run: async (read, { id, version, digest }, actor) => {
    mustSee(actor);
    const [versions, inForces, patterns] = await Promise.all([
      guideTexts(read, id),
      guidesInForce(read),
      patternsInForce(read),
    ]);
    const held = inForces.find((g) => g.id === id);
    const inForce = versions.find((g) => g.digest === held?.digest);
    const found = digest
      ? versions.find((g) => g.digest === digest)
      : version === undefined || version === inForce?.version
        ? inForce
        : versions.find((g) => g.version === version && g.revision === 0);
    if (!found)
      throw new Refusal("not_found", `There is no guidance called ${id}${version ? ` version ${version}` : ""}.`);
    const { bytes: _bytes, file: _file, ...guide } = found;
    const titles = itemTitles();
    return {
      ...guide,
      items: guide.items.map((item) => ({ item, title: titles.get(item) ?? null })),
      patterns: guide.patterns.map((p) => ({ id: p, title: patterns.find((one) => one.id === p)?.title ?? p })),
      versions: versions.map((v) => ({
        version: v.version,
        revision: v.revision,
        digest: v.digest,
        published: v.published,
        inForce: v === inForce,
      })),
      inForce: found === inForce,
    };
  },
});
