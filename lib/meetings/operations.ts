import "server-only";
import { addItem, changeItem, fillAgenda, orderAgenda, removeItem } from "./agenda";
import { joinMeeting, leaveMeeting } from "./attend";
import { minutesGet } from "./compose-minutes";
import { endItem, leadItem, saveNotes, takeUpItem } from "./discuss";
import { makeFeed, revokeFeed } from "./feed";
import { closeMeeting, openMeeting, takeLead } from "./hold";
import { correctMinutes, publishMinutes, saveMinutes } from "./keep-minutes";
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
