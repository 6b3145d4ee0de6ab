import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { assetLinks } from "@/db/schema/assets";
import type { Actor } from "@/lib/core/actor";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { findModel, findVersion } from "@/lib/models/find";
import { mayEdit } from "@/lib/models/model";
import { assetLinkInput, assetUnlinkInput, mayEditAsset } from "./asset";
import { findAsset } from "./find";

const load = async (tx: Tx, input: { asset: string; model: string; version?: string | undefined }, actor: Actor) => {
  const model = await findModel(tx, input.model, actor);
  return {
    asset: await findAsset(tx, input.asset, actor),
    model,
    version: input.version ? await findVersion(tx, model, input.version) : null,
  };
};
type Subject = Awaited<ReturnType<typeof load>>;

/** Whoever keeps the asset or the model says that the one is made from the other. */
const may = (actor: Actor, { asset, model }: Subject) => {
  const verdict = mayEditAsset(actor, asset);
  return verdict.ok ? verdict : mayEdit(actor, model);
};

const whatOf = ({ model, version }: Subject): string => (version ? `${model.name} ${version.version}` : model.name);

const entryOf = (subject: Subject, summary: string, assetVersion?: string) => ({
  subject: { kind: "asset", id: subject.asset.id, ref: subject.asset.name },
  modelId: subject.model.id,
  summary,
  body: {
    asset: subject.asset.name,
    model: subject.model.name,
    version: subject.version?.version ?? null,
    ...(assetVersion === undefined ? {} : { assetVersion }),
  },
});

/** Says that a model, or one version of it, is made from an asset. */
export const linkAsset = command({
  name: "asset.linked",
  title: "Say that a model is made from an asset",
  http: { method: "POST", path: "/assets/{asset}/models", status: 201 },
  input: assetLinkInput,
  load,
  may,
  run: async (tx, { input, subject, now }) => {
    const { asset, model, version } = subject;
    const result = { asset: asset.id, model: model.name, version: version?.version ?? null };
    if (asset.retiredAt)
      throw new Refusal("conflict", `${asset.name} is retired. Bring it back before anything new is made from it.`);
    const [made] = await tx
      .insert(assetLinks)
      .values({
        id: newId(),
        assetId: asset.id,
        modelId: model.id,
        versionId: version?.id ?? null,
        assetVersion: input.assetVersion,
        since: now,
      })
      .onConflictDoNothing()
      .returning({ id: assetLinks.id });
    if (!made) return { unchanged: result };
    return {
      result,
      entry: entryOf(subject, `said that ${whatOf(subject)} is made from ${asset.name}`, input.assetVersion),
    };
  },
});

/** Takes that back. */
export const unlinkAsset = command({
  name: "asset.unlinked",
  title: "Take an asset off a model",
  http: { method: "DELETE", path: "/assets/{asset}/models/{model}" },
  input: assetUnlinkInput,
  load,
  may,
  run: async (tx, { subject }) => {
    const { asset, model, version } = subject;
    const gone = await tx
      .delete(assetLinks)
      .where(
        and(
          eq(assetLinks.assetId, asset.id),
          eq(assetLinks.modelId, model.id),
          version ? eq(assetLinks.versionId, version.id) : isNull(assetLinks.versionId),
        ),
      )
      .returning({ id: assetLinks.id });
    const result = { asset: asset.id, model: model.name, version: version?.version ?? null };
    if (gone.length === 0) return { unchanged: result };
    return { result, entry: entryOf(subject, `took ${asset.name} off ${whatOf(subject)}`) };
  },
});
