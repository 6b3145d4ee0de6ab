import "server-only";
import { getGuide, listGuides } from "./reads";
import { getTemplate, listTemplates, templateArchive } from "./templates";

export const guidanceOperations = [listGuides, getGuide, listTemplates, getTemplate, templateArchive] as const;
