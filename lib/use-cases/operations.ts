import "server-only";
import { useCaseList } from "./queries";
import { registerUseCase } from "./register";

export const useCaseOperations = [useCaseList, registerUseCase] as const;
