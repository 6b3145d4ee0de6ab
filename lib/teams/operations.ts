import "server-only";
import { createTeam, editTeam } from "./keep";
import { teamList } from "./queries";

export const teamOperations = [teamList, createTeam, editTeam] as const;
