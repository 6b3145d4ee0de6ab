import "server-only";
import { validationList } from "./queries";
import { retireValidation } from "./retire";

export const validationOperations = [validationList, retireValidation] as const;
