import "server-only";
import { assignModels } from "./assign";
import { joinModels } from "./join";
import { modelRecords, reconciliationActionList, reconciliationCounts, reconciliationList } from "./queries";
import { ignoreItems, keepApart, retireModels } from "./settle";
import { reportSighting } from "./sight";
import { sweep } from "./sweep";
import { undoAction } from "./undo";

export const reconciliationOperations = [
  reconciliationList,
  reconciliationCounts,
  reconciliationActionList,
  modelRecords,
  sweep,
  reportSighting,
  assignModels,
  joinModels,
  keepApart,
  retireModels,
  ignoreItems,
  undoAction,
] as const;
