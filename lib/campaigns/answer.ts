import "server-only";
import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { command } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { givenPerson } from "@/lib/people/find";
import { type Answer, answerInput, type ItemState, mayAnswer } from "./campaign";
import { findCampaign } from "./find";
import { attestedNow, mustWait, settle, waiting } from "./items";

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
    return {
      campaign,
      items: await waiting(tx, campaign, input.models, actor, ["open"]),
      owner: input.owner ? await givenPerson(tx, input.owner, "owner") : null,
      deputy: input.deputy ? await givenPerson(tx, input.deputy, "deputy") : null,
    };
  },
  may: (actor, { items }) => mayAnswer(actor, items),
  run: async (tx, { input, subject: { campaign, items, owner, deputy }, actor, now }) => {
    if (campaign.raise)
      throw new Refusal(
        "conflict",
        `${campaign.ref} asks for ${campaign.raise.item}; its state is read, not answered.`,
      );
    if (campaign.upgrade)
      throw new Refusal("conflict", `${campaign.ref} moves adopters of a pattern. Upgrade or defer there instead.`);
    mustWait(campaign, items);
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
