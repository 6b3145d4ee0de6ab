import "server-only";
import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { and, eq, isNull, sql } from "drizzle-orm";
import { campaigns } from "@/db/schema/campaigns";
import { command } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { mayManage } from "@/lib/patterns/adoption";
import { mayRun, refInput } from "./campaign";
import { findCampaign } from "./find";
import { attestedNow } from "./items";

/** Version of the snapshot's bytes: canonical JSON (RFC 8785) of the campaign and every model in it, by name. */
export const snapshotVersion = "countersign/ownership-attestation/v1";
/** The same of a campaign that moved adopters of a pattern, with what it asked for; `record` of a moved model names its pin. */
const upgradeVersion = "countersign/pattern-upgrade/v1";
/** The same of a campaign that raised a readiness item. */
const raiseVersion = "countersign/readiness-raise/v1";

/** Closes a campaign: what was attested, and what was not, is frozen as bytes whose SHA-256 is in the log. */
export const closeCampaign = command({
  name: "campaign.closed",
  title: "Close a campaign",
  http: { method: "POST", path: "/campaigns/{ref}/close" },
  input: refInput,
  load: (tx, input) => findCampaign(tx, input.ref),
  may: (actor, campaign) => (campaign.upgrade ? mayManage(actor) : mayRun(actor)),
  run: async (tx, { subject: campaign, actor, now }) => {
    const { rows } = await tx.execute<Record<string, unknown> & { state: string }>(sql`
      select i.model_name as model, i.model_id as id, i.state, i.note, i.answered_at as "answeredAt", p.email as "answeredBy",
        i.escalated_at as "escalatedAt", coalesce(i.attested, ${attestedNow}) as record, i.attested is not null as attested
      from campaign_item i join model m on m.id = i.model_id left join person p on p.id = i.answered_by
      where i.campaign_id = ${campaign.id} order by i.model_name collate "C"`);
    const counts: Record<string, number> = {};
    for (const { state } of rows) counts[state] = (counts[state] ?? 0) + 1;
    const v = campaign.raise ? raiseVersion : campaign.upgrade ? upgradeVersion : snapshotVersion;
    const content = Buffer.from(
      canonicalize({
        v,
        campaign: {
          ref: campaign.ref,
          title: campaign.title,
          scope: campaign.scope,
          ...(campaign.raise ? { raise: campaign.raise } : {}),
          ...(campaign.upgrade ? { upgrade: campaign.upgrade } : {}),
          dueOn: campaign.dueOn,
          openedAt: campaign.openedAt.toISOString(),
          openedBy: campaign.openedByName,
          closedAt: now.toISOString(),
          closedBy: actor.name,
        },
        counts,
        models: rows.map((r) => ({
          ...r,
          answeredAt: iso(r.answeredAt),
          escalatedAt: iso(r.escalatedAt),
        })),
      }) ?? "",
    );
    const sha256 = createHash("sha256").update(content).digest("hex");
    const closed = await tx
      .update(campaigns)
      .set({ closedAt: now, closedByName: actor.name, snapshot: content, snapshotSha256: sha256 })
      .where(and(eq(campaigns.id, campaign.id), isNull(campaigns.closedAt)))
      .returning({ id: campaigns.id });
    if (!closed[0]) throw new Refusal("conflict", `${campaign.ref} was closed already.`);
    const attested = (counts.confirmed ?? 0) + (counts.corrected ?? 0) + (counts.upgraded ?? 0) + (counts.met ?? 0);
    return {
      result: { ref: campaign.ref, sha256, counts },
      entry: {
        subject: { kind: "campaign", id: campaign.id, ref: campaign.ref },
        summary: `closed ${campaign.ref}: ${attested} of ${rows.length} models ${campaign.raise ? "meet it" : campaign.upgrade ? "upgraded" : "attested"}, snapshot sha256:${sha256.slice(0, 12)}`,
        body: { sha256, bytes: content.length, counts, v },
      },
    };
  },
});

const iso = (at: unknown): string | null =>
  at instanceof Date ? at.toISOString() : typeof at === "string" ? new Date(at).toISOString() : null;
