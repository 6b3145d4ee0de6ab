import "server-only";
import { prepared } from "@/db/transact";

/**
 * An assessment of model $1 was taken: campaigns that raise items ($2: the ones it meets) hear whether it meets them now. What stood
 * as it stands is not written.
 */
export const hearOfReadiness = prepared(
  "campaigns_hear_of_readiness",
  `update campaign_item i set state = case when c.raise ->> 'item' = any($2::text[]) then 'met' else 'open' end,
      answered_at = case when c.raise ->> 'item' = any($2::text[]) then $3::timestamptz end
    from campaign c where c.id = i.campaign_id and i.model_id = $1::uuid and c.raise is not null and c.closed_at is null
      and (i.state = 'met') <> (c.raise ->> 'item' = any($2::text[]))`,
);
