import "server-only";
import { search } from "./queries";

export const searchOperations = [search] as const;
