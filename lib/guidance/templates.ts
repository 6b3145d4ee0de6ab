import "server-only";
import { createHash } from "node:crypto";
import { z } from "zod";
import { loadContent, newest, newestOfEach, type Template } from "@/lib/content/load";
import { query } from "@/lib/core/query";
import { Refusal } from "@/lib/core/refusal";
import { itemTitles } from "@/lib/patterns/queries";
import { type Archive, archiveOf } from "./archive";
import { mustSee } from "./see";

const OneTemplate = z.strictObject({
  id: z.string().trim().min(1).max(120),
  version: z.coerce.number().int().min(1).max(10_000).optional(),
});

function find({ id, version }: z.output<typeof OneTemplate>): Template {
  const found = loadContent().templates.find((t) => t.id === id && (version === undefined || t.version === version));
  if (!found)
    throw new Refusal("not_found", `There is no template called ${id}${version ? ` version ${version}` : ""}.`);
  return found;
}

const download = (archive: Archive) => ({
  name: archive.name,
  size: archive.bytes.length,
  sha256: archive.digest,
});

const said = ({ bytes: _bytes, file: _file, files, ...meta }: Template) => ({ ...meta, files: files.length });

/** The newest version of each golden-path repository tree, by title. */
export const listTemplates = query({
  name: "template.list",
  title: "List golden-path templates",
  http: { method: "GET", path: "/templates" },
  input: z.strictObject({}),
  run: async (_read, _input, actor) => {
    mustSee(actor);
    return {
      items: newestOfEach(loadContent().templates)
        .map((t) => ({ ...said(t), archive: download(archiveOf(t)) }))
        .sort((a, b) => a.title.localeCompare(b.title)),
    };
  },
});

/** One template with its tree and the text of every file. `archive` names the ZIP and its digest. */
export const getTemplate = query({
  name: "template.get",
  title: "Read a golden-path template with its files",
  http: { method: "GET", path: "/templates/{id}" },
  input: OneTemplate,
  run: async (_read, wanted, actor) => {
    mustSee(actor);
    const found = find(wanted);
    const { templates, patterns } = loadContent();
    const titles = itemTitles();
    return {
      ...said(found),
      pattern: { id: found.pattern, title: newest(patterns, found.pattern)?.title ?? found.pattern },
      items: found.items.map((item) => ({ item, title: titles.get(item) ?? null })),
      files: found.files.map((f) => ({
        path: f.path,
        size: f.bytes.length,
        sha256: createHash("sha256").update(f.bytes).digest("hex"),
        text: f.text,
      })),
      archive: download(archiveOf(found)),
      versions: templates
        .filter((t) => t.id === found.id)
        .map((t) => ({ version: t.version, published: t.published, sha256: archiveOf(t).digest })),
    };
  },
});

/** The ZIP itself; for the route that sends it. */
export const templateArchive = query({
  name: "template.download",
  title: "Download a golden-path template",
  http: null,
  input: OneTemplate,
  run: async (_read, wanted, actor): Promise<Archive> => {
    mustSee(actor);
    return archiveOf(find(wanted));
  },
});
