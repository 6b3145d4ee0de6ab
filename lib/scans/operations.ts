import "server-only";
import { findingList } from "./queries";

export const scanOperations = [findingList] as const;
