import "server-only";
import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { command } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { givenPerson } from "@/lib/people/find";
import { type Answer, answerInput, type ItemState, mayAnswer } from "./campaign";
import { findCampaign } from "./find";

type Open = {
  id: string;
  modelId: string;
  modelName: string;
  ownerId: string | null;
  deputyId: string | null;
  escalatedTo: string | null;
};

/** What the inventory says of model `m` at this moment. */
export const attestedNow = sql`jsonb_build_object('name', m.name, 'owner', (select email from person p where p.id = m.owner_id),
  'deputy', (select email from person p where p.id = m.backup_owner_id), 'unit', (select slug from business_unit u where u.id = m.business_unit_id),
  'team', m.team, 'tier', m.tier, 'stage', m.stage, 'kind', m.kind)`;

const said: Record<Answer, string> = {
  confirm: "confirmed to own",
  correct: "corrected and confirmed to own",
  hand_over: "handed over",
  not_mine: "said not to own",
};

/** Owners answer for any number of their models at once: confirm, correct, hand over, or say that they are not theirs. */
export const answerCampaign = command({
  name: "campaign.answered",
  title: "Answer an ownership campaign",
  http: { method: "POST", path: "/campaigns/{ref}/answers" },
  input: answerInput,
  load: async (tx, input, actor) => {
    const campaign = await findCampaign(tx, input.ref);
    const chosen = input.models
      ? sql`i.model_name = any(${`{${input.models.map((m) => JSON.stringify(m)).join(",")}}`}::text[])`
      : sql`(i.owner_id::text = ${actor.id} or i.escalated_to::text = ${actor.id})`;
    const { rows } = await tx.execute<Open>(sql`
      select i.id, i.model_id as "modelId", i.model_name as "modelName", i.owner_id as "ownerId", m.backup_owner_id as "deputyId", i.escalated_to as "escalatedTo"
      from campaign_item i join model m on m.id = i.model_id
      where i.campaign_id = ${campaign.id} and i.state = 'open' and ${chosen} order by i.model_name for update of i`);
    return {
      campaign,
      items: rows,
      owner: input.owner ? await givenPerson(tx, input.owner, "owner") : null,
      deputy: input.deputy ? await givenPerson(tx, input.deputy, "deputy") : null,
    };
  },
  may: (actor, { items }) => mayAnswer(actor, items),
  run: async (tx, { input, subject: { campaign, items, owner, deputy }, actor, now }) => {
    if (campaign.closedAt) throw new Refusal("conflict", `${campaign.ref} is closed; what was attested is frozen.`);
    if (items.length === 0)
      throw new Refusal("conflict", "None of these waits for an answer. Reload the page to see what does.", [
        { field: "models", message: "Answered already, or not in this campaign." },
      ]);
    if (owner && items.some((i) => i.ownerId === owner.id))
      throw new Refusal("invalid", `owner: ${owner.name} is asked already.`, [
        { field: "owner", message: "Is asked already." },
      ]);
    const at = sql`${now.toISOString()}::timestamptz`;
    const these = sql`m.id = any(${`{${items.map((i) => i.modelId).join(",")}}`}::uuid[])`;
    if (input.answer === "correct") {
      if (deputy && items.some((i) => i.ownerId === deputy.id))
        throw new Refusal("invalid", "deputy: must be someone other than the owner.", [
          { field: "deputy", message: "Is the owner." },
        ]);
      await tx.execute(sql`
        update model m set backup_owner_id = coalesce(${deputy?.id ?? null}::uuid, m.backup_owner_id), team = coalesce(${input.team ?? null}, m.team),
          updated_at = ${at}, revision = m.revision + 1 where ${these}`);
    }
    if (owner)
      await tx.execute(sql`
        update model m set owner_id = ${owner.id}, backup_owner_id = nullif(m.backup_owner_id, ${owner.id}::uuid), claimed_at = ${at},
          updated_at = ${at}, revision = m.revision + 1 where ${these}`);
    if (input.answer === "not_mine") await disown(tx, these, actor.name, at);
    if (owner)
      await settle(
        tx,
        items,
        sql`state = 'open', owner_id = ${owner.id}, escalated_at = null, escalated_to = null, note = ${`Handed over by ${actor.name}. ${input.note}`.trim()}`,
      );
    else {
      const state: ItemState =
        input.answer === "correct" ? "corrected" : input.answer === "not_mine" ? "disowned" : "confirmed";
      await settle(
        tx,
        items,
        sql`state = ${state}, note = ${input.note}, answered_at = ${at}, answered_by = ${actor.id},
          attested = (select ${attestedNow} from model m where m.id = i.model_id)`,
      );
    }
    const what = items.length === 1 ? items[0]?.modelName : `${items.length} models`;
    return {
      result: { campaign: campaign.ref, answer: input.answer, models: items.length },
      entry: {
        subject: { kind: "campaign", id: campaign.id, ref: campaign.ref },
        modelId: items.length === 1 ? items[0]?.modelId : null,
        concerns: items.map((i) => i.modelId),
        summary: `${said[input.answer]} ${what}${owner ? ` to ${owner.name}` : ""} in ${campaign.ref}`,
        body: {
          answer: input.answer,
          note: input.note,
          owner: owner?.email ?? null,
          deputy: deputy?.email ?? null,
          team: input.team ?? null,
          models: items.map((i) => i.modelName),
        },
      },
    };
  },
});

async function settle(tx: Tx, items: readonly Open[], set: SQL): Promise<void> {
  const { rowCount } = await tx.execute(sql`
    update campaign_item i set ${set} where i.id = any(${`{${items.map((i) => i.id).join(",")}}`}::uuid[]) and i.state = 'open'`);
  if (rowCount !== items.length)
    throw new Refusal("conflict", "Some of these were answered a moment ago. Reload the page.");
}

/** Nobody owns them from now on, and the worklist says so at once. */
async function disown(tx: Tx, these: SQL, by: string, at: SQL): Promise<void> {
  await tx.execute(
    sql`update model m set owner_id = null, updated_at = ${at}, revision = m.revision + 1 where ${these}`,
  );
  await tx.execute(sql`
    insert into reconciliation_item (id, kind, model_id, evidence, found_at, status)
    select gen_random_uuid(), 'ownerless', m.id, ${JSON.stringify({ disownedBy: by })}::jsonb, ${at}, 'open' from model m where ${these}
    on conflict do nothing`);
}
