import "server-only";
import { getBlueprint } from "./blueprint";
import { getGuide, listGuides } from "./reads";
import { getTemplate, listTemplates, templateArchive } from "./templates";

export const guidanceOperations = [
  listGuides,
  getGuide,
  listTemplates,
  getTemplate,
  templateArchive,
  getBlueprint,
] as const;
