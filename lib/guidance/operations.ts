import "server-only";
import { getGuide, listGuides } from "./reads";

export const guidanceOperations = [listGuides, getGuide] as const;
