import "server-only";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Reader } from "@/db/client";
import { query } from "@/lib/core/query";
import { insist, Refusal } from "@/lib/core/refusal";
import { whole } from "@/lib/core/whole";
import { mayRead, seenModels } from "@/lib/models/visible";
import { type Attested, type ItemState, itemStates, type Raise, refInput, type Scope, type Upgrade } from "./campaign";
import { findCampaign } from "./find";

export type CampaignRow = {
  ref: string;
  title: string;
  scope: Scope;
  upgrade: Upgrade | null;
  raise: Raise | null;
  dueOn: string;
  openedAt: string;
  openedByName: string;
  closedAt: string | null;
  snapshotSha256: string | null;
  models: number;
  /** Attested, or upgraded. */
  attested: number;
  /** Not theirs; of an upgrade campaign deferred, or following another pattern since. */
  disowned: number;
  open: number;
  escalated: number;
};

const figures = sql`count(i.id)::int as models, count(*) filter (where i.state in ('confirmed', 'corrected', 'upgraded', 'met'))::int as attested,
  count(*) filter (where i.state in ('disowned', 'deferred', 'left'))::int as disowned, count(*) filter (where i.state = 'open')::int as open,
  count(*) filter (where i.state = 'open' and i.escalated_at is not null)::int as escalated`;

/** Campaigns, newest first, each with how far it is. */
export const campaignList = query({
  name: "campaigns.listed",
  title: "List campaigns",
  http: { method: "GET", path: "/campaigns" },
  input: z.strictObject({ limit: whole(z.number().int().min(1).max(200)).default(50) }),
  run: async (read, { limit }, actor) => {
    insist(mayRead(actor));
    const { rows } = await read.execute<CampaignRow>(sql`
      select c.ref, c.title, c.scope, c.upgrade, c.raise, c.due_on::text as "dueOn", c.opened_at as "openedAt", c.opened_by_name as "openedByName", c.closed_at as "closedAt",
        c.snapshot_sha256 as "snapshotSha256", ${figures}
      from campaign c left join campaign_item i on i.campaign_id = c.id group by c.id order by c.opened_at desc, c.id desc limit ${limit}`);
    return { items: rows };
  },
});

export type UnitProgress = {
  unit: string | null;
  slug: string | null;
  head: string | null;
  models: number;
  attested: number;
  disowned: number;
  open: number;
  escalated: number;
};

export type TeamProgress = Pick<UnitProgress, "models" | "attested" | "disowned" | "open" | "escalated"> & {
  team: string | null;
};

/** One campaign with its progress by business unit and by team, the team with most left first. */
export const campaignGet = query({
  name: "campaign.read",
  title: "Read a campaign",
  http: { method: "GET", path: "/campaigns/{ref}" },
  input: refInput,
  run: async (read, { ref }, actor) => {
    insist(mayRead(actor));
    const { snapshot, ...campaign } = await findCampaign(read, ref);
    const { rows } = await read.execute<UnitProgress>(sql`
      select u.name as unit, u.slug, p.name as head, ${figures}
      from campaign_item i left join business_unit u on u.id = i.business_unit_id left join person p on p.id = u.head_id
      where i.campaign_id = ${campaign.id} group by u.id, u.name, u.slug, p.name order by u.name nulls last`);
    const { rows: teams } = await read.execute<TeamProgress>(sql`
      select nullif(m.team, '') as team, ${figures} from campaign_item i join model m on m.id = i.model_id
      where i.campaign_id = ${campaign.id} group by 1 order by open desc, team nulls last limit 200`);
    return { ...campaign, snapshotBytes: snapshot?.length ?? null, units: rows, teams };
  },
});

export type CampaignItemRow = {
  model: string;
  unit: string | null;
  owner: string | null;
  deputy: string | null;
  team: string;
  tier: number | null;
  stage: string;
  state: ItemState;
  note: string;
  answeredAt: string | null;
  answeredBy: string | null;
  escalatedTo: string | null;
  attested: Attested | null;
};

/** Models of a campaign by name; `mine`: those that wait on the reader. */
export const campaignItemList = query({
  name: "campaign.items.listed",
  title: "List the models of a campaign",
  http: { method: "GET", path: "/campaigns/{ref}/items" },
  input: z.strictObject({
    ...refInput.shape,
    mine: z.enum(["true", "false"], "true or false.").default("false"),
    unit: z.string().max(120).optional(),
    state: z.enum(itemStates).optional(),
    after: z.string().max(400).optional(),
    limit: whole(z.number().int().min(1).max(200)).default(50),
  }),
  run: async (read, { ref, mine, unit, state, after, limit }, actor) => {
    insist(mayRead(actor));
    const campaign = await findCampaign(read, ref);
    const where = sql.join(
      [
        sql`i.campaign_id = ${campaign.id}`,
        mine === "true"
          ? sql`(i.owner_id::text = ${actor.id} or i.escalated_to::text = ${actor.id}) and i.state = 'open'`
          : seenModels(actor, sql`i.business_unit_id`),
        unit ? sql`i.business_unit_id = (select id from business_unit where slug = ${unit})` : sql`true`,
        state ? sql`i.state = ${state}` : sql`true`,
      ],
      sql` and `,
    );
    const [{ rows }, { rows: counted }] = await Promise.all([
      read.execute<CampaignItemRow>(sql`
        select i.model_name as model, u.name as unit, o.name as owner, d.name as deputy, m.team, m.tier, m.stage, i.state, i.note,
          i.answered_at as "answeredAt", a.name as "answeredBy", e.name as "escalatedTo", i.attested
        from campaign_item i join model m on m.id = i.model_id left join business_unit u on u.id = i.business_unit_id
          left join person o on o.id = i.owner_id left join person d on d.id = m.backup_owner_id
          left join person a on a.id = i.answered_by left join person e on e.id = i.escalated_to
        where ${where} and ${after === undefined ? sql`true` : sql`i.model_name > ${after}`} order by i.model_name limit ${limit + 1}`),
      read.execute<{ n: number }>(sql`select count(*)::int as n from campaign_item i where ${where}`),
    ]);
    const page = rows.slice(0, limit);
    return { items: page, total: counted[0]?.n ?? 0, next: rows.length > limit ? (page.at(-1)?.model ?? null) : null };
  },
});

/** The frozen bytes of a closed campaign, as base64, with the SHA-256 that the log holds. */
export const campaignSnapshot = query({
  name: "campaign.snapshot.read",
  title: "Read what a campaign attested",
  http: { method: "GET", path: "/campaigns/{ref}/snapshot" },
  input: refInput,
  run: async (read, { ref }, actor) => {
    insist(mayRead(actor));
    const campaign = await findCampaign(read, ref);
    if (!campaign.snapshot || !campaign.snapshotSha256)
      throw new Refusal("not_found", `${ref} is not closed yet; nothing is frozen.`);
    return { ref, sha256: campaign.snapshotSha256, content: campaign.snapshot.toString("base64") };
  },
});

export type Waiting = {
  ref: string;
  title: string;
  upgrade: Upgrade | null;
  raise: Raise | null;
  due: string;
  since: string;
  n: number;
  escalated: boolean;
};

/** Campaigns that wait on a person: as the owner who is asked, or as the head who is told. */
export async function campaignsOf(read: Reader, personId: string): Promise<Waiting[]> {
  const { rows } = await read.execute<Waiting>(sql`
    select c.ref, c.title, c.upgrade, c.raise, c.due_on::text as due, c.opened_at::text as since, count(*)::int as n, bool_and(i.owner_id is distinct from ${personId}) as escalated
    from campaign_item i join campaign c on c.id = i.campaign_id
    where i.state = 'open' and c.closed_at is null and (i.owner_id = ${personId} or i.escalated_to = ${personId})
    group by c.id order by c.due_on limit 20`);
  return rows;
}
