import { addChannel, channelList, pauseChannel, removeChannel, testChannel } from "./channels";
import { deliveryHealth } from "./health";
import { markRead } from "./mark";
import { notificationPreferences, setPreferences } from "./preferences";
import { notificationList } from "./queries";
import { resendDelivery } from "./resend";

export const notificationOperations = [
  notificationList,
  markRead,
  notificationPreferences,
  setPreferences,
  deliveryHealth,
  resendDelivery,
  channelList,
  addChannel,
  pauseChannel,
  removeChannel,
  testChannel,
] as const;
