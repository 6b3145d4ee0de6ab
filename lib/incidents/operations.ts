import "server-only";
import { incidentList } from "./queries";
import { reportIncident } from "./report";
import { resolveIncident } from "./resolve";

export const incidentOperations = [incidentList, reportIncident, resolveIncident] as const;
