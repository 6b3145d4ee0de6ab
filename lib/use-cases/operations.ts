import "server-only";
import { editUseCase } from "./edit";
import { linkModel, unlinkModel } from "./link";
import { useCaseGet, useCaseList } from "./queries";
import { registerUseCase } from "./register";

export const useCaseOperations = [
  useCaseList,
  useCaseGet,
  registerUseCase,
  editUseCase,
  linkModel,
  unlinkModel,
] as const;
