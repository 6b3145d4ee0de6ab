import "server-only";
import { sql } from "drizzle-orm";
import { command } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { pin } from "@/lib/patterns/pin";
import { answerUpgradeInput, mayAnswerUpgrade } from "./campaign";
import { findCampaign } from "./find";
import { mustWait, settle, waiting } from "./items";

/** Owners move any number of their models to the text that the campaign names, or defer with a reason. A deferred one can follow later. */
export const answerUpgrade = command({
  name: "campaign.upgrade.answered",
  title: "Answer an upgrade campaign",
  http: { method: "POST", path: "/campaigns/{ref}/upgrade-answers" },
  input: answerUpgradeInput,
  load: async (tx, input, actor) => {
    const campaign = await findCampaign(tx, input.ref);
    const states = input.answer === "upgrade" ? (["open", "deferred"] as const) : (["open"] as const);
    return { campaign, answer: input.answer, items: await waiting(tx, campaign, input.models, actor, states) };
  },
  may: (actor, { answer, items }) => mayAnswerUpgrade(actor, answer, items),
  run: async (tx, { input, subject: { campaign, items }, actor, now }) => {
    const { upgrade } = campaign;
    if (!upgrade)
      throw new Refusal("conflict", `${campaign.ref} asks who answers for the models. Confirm, correct or hand over.`);
    mustWait(campaign, items);
    if (items.length > 100)
      throw new Refusal("invalid", `models: ${items.length} wait; name at most 100 at a time.`, [
        { field: "models", message: "At most 100 at a time." },
      ]);
    if (input.answer === "upgrade")
      for (const { modelId } of items)
        await pin(
          tx,
          { kind: "model", id: modelId },
          { id: upgrade.pattern, version: upgrade.to, digest: upgrade.digest },
          actor,
          now,
        );
    else
      await settle(
        tx,
        items,
        sql`state = 'deferred', note = ${input.note}, answered_at = ${now.toISOString()}::timestamptz, answered_by = ${actor.id}`,
      );
    const what = items.length === 1 ? items[0]?.modelName : `${items.length} models`;
    const done =
      input.answer === "upgrade" ? `moved ${what} to version ${upgrade.to}` : `deferred ${what}: ${input.note}`;
    return {
      result: { campaign: campaign.ref, answer: input.answer, models: items.length },
      entry: {
        subject: { kind: "campaign", id: campaign.id, ref: campaign.ref },
        modelId: items.length === 1 ? items[0]?.modelId : null,
        concerns: items.map((i) => i.modelId),
        summary: `${done} in ${campaign.ref}, “${upgrade.title}”`,
        body: { answer: input.answer, note: input.note, upgrade, models: items.map((i) => i.modelName) },
      },
    };
  },
});
