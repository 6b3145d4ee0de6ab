import "server-only";
import { readOfficeHours } from "./queries";
import { advise, beginHours, book, cancelBooking, endHours } from "./work";

export const officeHourOperations = [readOfficeHours, beginHours, endHours, book, cancelBooking, advise] as const;
