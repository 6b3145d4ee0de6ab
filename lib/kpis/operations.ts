import { kpiBoard, kpiDetail } from "./queries";

export const kpiOperations = [kpiBoard, kpiDetail] as const;
