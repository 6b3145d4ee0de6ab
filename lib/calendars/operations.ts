import "server-only";
import { addHolidays, changeCalendar, chooseCalendar, createCalendar, removeHoliday } from "./keep";
import { getCalendar, listCalendars } from "./queries";

export const calendarOperations = [
  listCalendars,
  getCalendar,
  createCalendar,
  changeCalendar,
  addHolidays,
  removeHoliday,
  chooseCalendar,
] as const;
