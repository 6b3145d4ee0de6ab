import "server-only";
import { createUnit } from "./create";
import { setHead } from "./head";
import { moveUnit } from "./move";
import { getUnit, listUnits } from "./queries";
import { renameUnit } from "./rename";

export const unitOperations = [listUnits, getUnit, createUnit, renameUnit, setHead, moveUnit] as const;
