import "server-only";
import { acceptAdr, deprecateAdr, rejectAdr, supersedeAdr } from "./judge";
import { findAdrs, getAdr } from "./queries";
import { importAdrs, linkAdr, proposeAdr, reviseAdr } from "./write";

export const decisionOperations = [
  findAdrs,
  getAdr,
  proposeAdr,
  importAdrs,
  reviseAdr,
  linkAdr,
  acceptAdr,
  rejectAdr,
  deprecateAdr,
  supersedeAdr,
] as const;
