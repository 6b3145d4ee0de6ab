import "server-only";
import { endDelegation, nameDelegate } from "./name-delegate";
import { readBoard } from "./queries";

export const boardOperations = [readBoard, nameDelegate, endDelegation] as const;
