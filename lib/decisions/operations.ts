import "server-only";
import { adrDiscussion, commentOnAdr } from "./comment";
import { importAdrs } from "./import";
import { acceptAdr, deprecateAdr, rejectAdr, supersedeAdr } from "./judge";
import { findAdrs, getAdr } from "./queries";
import { linkAdr, proposeAdr, reviseAdr } from "./write";

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
  adrDiscussion,
  commentOnAdr,
] as const;
