import "server-only";
import { dropView, editView, saveView } from "./keep";
import { viewList } from "./queries";

export const viewOperations = [viewList, saveView, editView, dropView] as const;
