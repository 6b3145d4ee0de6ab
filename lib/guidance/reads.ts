import "server-only";
import { z } from "zod";
import { loadContent, newest, newestOfEach } from "@/lib/content/load";
import { query } from "@/lib/core/query";
import { Refusal } from "@/lib/core/refusal";
import { itemTitles } from "@/lib/patterns/queries";
import { GuideList, guideKinds } from "./guidance";
import { mustSee } from "./see";

/** The newest version of each standard, playbook and runbook, by kind and title. `q`: every word must occur in the text. */
export const listGuides = query({
  name: "guidance.list",
  title: "List standards, playbooks and runbooks",
  http: { method: "GET", path: "/guidance" },
  input: GuideList,
  run: async (_read, wanted, actor) => {
    mustSee(actor);
    const words = wanted.q?.toLowerCase().split(/\s+/).filter(Boolean) ?? [];
    const all = newestOfEach(loadContent().guides);
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

/** One version with its text; the newest if `version` is left out. Items and patterns come with their titles. */
export const getGuide = query({
  name: "guidance.get",
  title: "Read a standard, playbook or runbook",
  http: { method: "GET", path: "/guidance/{id}" },
  input: z.strictObject({
    id: z.string().trim().min(1).max(120),
    version: z.coerce.number().int().min(1).max(10_000).optional(),
  }),
  run: async (_read, { id, version }, actor) => {
    mustSee(actor);
    const { guides, patterns } = loadContent();
    const versions = guides.filter((g) => g.id === id);
    const found = versions.find((g) => version === undefined || g.version === version);
    if (!found)
      throw new Refusal("not_found", `There is no guidance called ${id}${version ? ` version ${version}` : ""}.`);
    const { bytes: _bytes, file: _file, ...guide } = found;
    const titles = itemTitles();
    return {
      ...guide,
      items: guide.items.map((item) => ({ item, title: titles.get(item) ?? null })),
      patterns: guide.patterns.map((p) => ({ id: p, title: newest(patterns, p)?.title ?? p })),
      versions: versions.map((v) => ({ version: v.version, digest: v.digest, published: v.published })),
    };
  },
});
