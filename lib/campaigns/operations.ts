import "server-only";
import { answerCampaign } from "./answer";
import { closeCampaign } from "./close";
import { openCampaign } from "./open";
import { campaignGet, campaignItemList, campaignList, campaignSnapshot } from "./queries";
import { sweepCampaigns } from "./sweep";

export const campaignOperations = [
  campaignList,
  campaignGet,
  campaignItemList,
  campaignSnapshot,
  openCampaign,
  answerCampaign,
  closeCampaign,
  sweepCampaigns,
] as const;
