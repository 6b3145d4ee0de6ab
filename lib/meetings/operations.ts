import "server-only";
import { addItem, changeItem, fillAgenda, orderAgenda, removeItem } from "./agenda";
import { cancelMeeting, moveMeeting, planMeeting } from "./plan";
import { meetingGet, meetingList, seriesList } from "./queries";
import { createSeries, endSeries } from "./series";

export const meetingOperations = [
  meetingList,
  meetingGet,
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
] as const;
