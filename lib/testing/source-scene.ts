import type { Db } from "@/db/client";
import { models } from "@/db/schema/models";
import { newId } from "@/lib/core/ids";
import type { FactValue } from "@/lib/facts/fact";
import type { Fake } from "./fakes/server";

/** When and about which model the scenes of sources tell. */
export const sceneNow = new Date("2026-11-20T09:00:00Z");
export const sceneModel = "card-fraud";

/** How a source is faked: with one subject that names the model, one that names none, and one record that makes no sense. */
export type SourceScene = {
  start: () => Promise<Fake>;
  auth: string;
  username?: string;
  secret: string;
  settings?: Readonly<Record<string, string>>;
  /** What is denied, and the permission that is named for it. */
  denied: RegExp;
  missing: string;
  told: Readonly<Record<string, unknown>>;
  unmatched: string;
  /** A readiness item that its facts decide, with what else the item asks for. It passes, and fails once nothing ran for three days. */
  decides?: { item: string; also?: Readonly<Record<string, FactValue>> };
  /** The same with one value that lies in the future and records of which one in five makes no sense: what is still told, and what is not. */
  hostile?: {
    start: () => Promise<Fake>;
    told: Readonly<Record<string, unknown>>;
    untold?: readonly string[];
    skipped: number;
    future: string;
    /** Its credentials cannot be renewed: nothing gives tokens. */
    fixed?: boolean;
  };
};

/** An online model of tier 2 that sources tell of; its id. */
export async function sceneModelRow(db: Db, name: string, at: Date): Promise<string> {
  const id = newId();
  await db.insert(models).values({
    id,
    name,
    platform: "mlflow",
    stage: "review",
    tier: 2,
    kind: "classical",
    servingType: "online",
    createdAt: at,
    updatedAt: at,
  });
  return id;
}
