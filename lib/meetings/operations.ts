import "server-only";
import { addItem, changeItem, fillAgenda, orderAgenda, removeItem } from "./agenda";
import { makeFeed, revokeFeed } from "./feed";
import {
  closeMeeting,
  endItem,
  joinMeeting,
  leadItem,
  leaveMeeting,
  openMeeting,
  saveNotes,
  takeLead,
  takeUpItem,
} from "./hold";
import { correctMinutes, minutesGet, publishMinutes, saveMinutes } from "./keep-minutes";
import { meetingLive, meetingPulse } from "./live-queries";
import { cancelMeeting, moveMeeting, planMeeting } from "./plan";
import { meetingGet, meetingList, seriesList } from "./queries";
import { createSeries, endSeries } from "./series";

export const meetingOperations = [
  meetingList,
  meetingGet,
  meetingLive,
  meetingPulse,
  minutesGet,
  seriesList,
  createSeries,
  endSeries,
  planMeeting,
  moveMeeting,
  cancelMeeting,
  fillAgenda,
  addItem,
  changeItem,
  removeItem,
  orderAgenda,
  openMeeting,
  takeLead,
  joinMeeting,
  leaveMeeting,
  takeUpItem,
  leadItem,
  endItem,
  saveNotes,
  closeMeeting,
  saveMinutes,
  publishMinutes,
  correctMinutes,
  makeFeed,
  revokeFeed,
] as const;
