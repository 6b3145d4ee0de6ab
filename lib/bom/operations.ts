import "server-only";
import { modelBom } from "./queries";

export const bomOperations = [modelBom] as const;
