import "server-only";
import { confirmGlass, prepareConfirmation } from "./confirm";
import { endGlass } from "./end";
import { countGlass, findGlass, getGlass } from "./queries";
import { requestGlass } from "./request";
import { reviewGlass } from "./review";

export const breakGlassOperations = [
  findGlass,
  countGlass,
  getGlass,
  requestGlass,
  prepareConfirmation,
  confirmGlass,
  endGlass,
  reviewGlass,
] as const;
