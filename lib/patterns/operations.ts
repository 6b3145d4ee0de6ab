import "server-only";
import { adoptPattern } from "./adopt";
import { getPattern, listPatterns, modelPattern, patternAdopters } from "./reads";

export const patternOperations = [adoptPattern, listPatterns, getPattern, patternAdopters, modelPattern] as const;
