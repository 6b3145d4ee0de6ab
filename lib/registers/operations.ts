import "server-only";
import { countRegisters, findRegister } from "./queries";

export const registerOperations = [countRegisters, findRegister] as const;
