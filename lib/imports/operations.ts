import "server-only";
import { applyImport } from "./apply";
import { checkImport } from "./check";
import { importGet, importList } from "./queries";

export const importOperations = [importList, importGet, checkImport, applyImport] as const;
