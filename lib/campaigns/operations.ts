import "server-only";
import { answerCampaign } from "./answer";
import { answerUpgrade } from "./answer-upgrade";
import { closeCampaign } from "./close";
import { openCampaign } from "./open";
import { openRaise, withdrawRaise } from "./open-raise";
import { openUpgrade } from "./open-upgrade";
import { campaignGet, campaignItemList, campaignList, campaignSnapshot } from "./queries";
import { sweepCampaigns } from "./sweep";

export const campaignOperations = [
  campaignList,
  campaignGet,
  campaignItemList,
  campaignSnapshot,
  openCampaign,
  openUpgrade,
  openRaise,
  withdrawRaise,
  answerCampaign,
  answerUpgrade,
  closeCampaign,
  sweepCampaigns,
] as const;
