import "server-only";
import { findBacklog, getItem, openGaps, readBurnDown } from "./queries";
import { editItem, moveItem, openItem } from "./work";

export const backlogOperations = [findBacklog, openItem, getItem, editItem, moveItem, readBurnDown, openGaps] as const;
