import "server-only";
import { exportBundle } from "./export";

export const bundleOperations = [exportBundle] as const;
