import "server-only";
import { assessMaturity } from "./assess";
import { maturityOfTeam, maturityOfTeams } from "./queries";

export const maturityOperations = [assessMaturity, maturityOfTeams, maturityOfTeam] as const;
