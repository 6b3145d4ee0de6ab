import "server-only";
import { libraryEditions, libraryMerge, libraryText } from "./reads";
import { revertContent, reviseContent } from "./revise";

export const libraryOperations = [libraryEditions, libraryText, libraryMerge, reviseContent, revertContent] as const;
