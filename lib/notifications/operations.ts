import { markRead } from "./mark";
import { notificationList } from "./queries";

export const notificationOperations = [notificationList, markRead] as const;
