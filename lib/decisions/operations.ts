import "server-only";
import { adrDiscussion, commentOnAdr } from "./comment";
import { findAdrs } from "./find";
import { adrGraph } from "./graph";
import { importAdrs } from "./import";
import { acceptAdr, deprecateAdr, reaffirmAdr, rejectAdr, supersedeAdr } from "./judge";
import { addSource, endSource, syncSourceNow } from "./manage-source";
import { getAdr } from "./queries";
import { adrSourceList } from "./source-queries";
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
  reaffirmAdr,
  adrGraph,
  adrSourceList,
  addSource,
  syncSourceNow,
  endSource,
] as const;
