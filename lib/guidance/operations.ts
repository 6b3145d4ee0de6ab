import "server-only";
import { getBlueprint } from "./blueprint";
import { getPipeline, listPipelines } from "./pipelines";
import { getGuide, listGuides } from "./reads";
import { getTemplate, listTemplates, templateArchive } from "./templates";

export const guidanceOperations = [
  listGuides,
  getGuide,
  listTemplates,
  getTemplate,
  templateArchive,
  listPipelines,
  getPipeline,
  getBlueprint,
] as const;
