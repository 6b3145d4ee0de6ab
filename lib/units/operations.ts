import "server-only";
import { createUnit } from "./create";
import { listUnits } from "./queries";
import { renameUnit } from "./rename";

export const unitOperations = [listUnits, createUnit, renameUnit] as const;
