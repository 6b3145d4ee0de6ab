import "server-only";
import { z } from "zod";
import { config } from "@/lib/config/config";
import { loadContent, newest, newestOfEach, type Pipeline } from "@/lib/content/load";
import { query } from "@/lib/core/query";
import { Refusal } from "@/lib/core/refusal";
import { mustSee } from "./see";

/** Stands for the portal's address in the files. */
const placeholder = "https://countersign.example";

const said = ({ id, version, title, summary, owner, published, begin }: Pipeline) => ({
  id,
  version,
  title,
  summary,
  owner,
  published,
  begin,
});

/** How pipelines of each kind ask the gate, by title. */
export const listPipelines = query({
  name: "pipeline.list",
  title: "List ready steps for pipelines",
  http: { method: "GET", path: "/pipelines" },
  input: z.strictObject({}),
  run: async (_read, _input, actor) => {
    mustSee(actor);
    return {
      items: newestOfEach(loadContent().pipelines)
        .map(said)
        .sort((a, b) => a.title.localeCompare(b.title)),
    };
  },
});

/** One of them with its files, this portal's own address filled in. */
export const getPipeline = query({
  name: "pipeline.get",
  title: "Read the ready steps for one kind of pipeline",
  http: { method: "GET", path: "/pipelines/{id}" },
  input: z.strictObject({ id: z.string().trim().min(1).max(120) }),
  run: async (_read, { id }, actor) => {
    mustSee(actor);
    const found = newest(loadContent().pipelines, id);
    if (!found) throw new Refusal("not_found", `There are no ready steps for ${id}. GET /api/v1/pipelines lists them.`);
    const { publicUrl } = config();
    return {
      ...said(found),
      files: found.files.map(({ path, text }) => {
        const filled = text.replaceAll(placeholder, publicUrl);
        return { path, text: filled, size: Buffer.byteLength(filled) };
      }),
    };
  },
});
