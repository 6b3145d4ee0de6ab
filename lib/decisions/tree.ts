import "server-only";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { gitTree, type TreeFile } from "@/lib/connectors/git";
import { Refusal } from "@/lib/core/refusal";
import { filesBelow, mostFiles } from "./folder";

export type Tree = { commit: string | null; files: TreeFile[] };

/** What the portal's own settings allow a source to reach. */
export type Reach = { dataDir: string; folders: readonly string[]; internalHosts: boolean };

type Place = { id: string; kind: "git" | "folder"; address: string; branch: string | null; globs: readonly string[] };

/** Reads what a source holds now; what cannot be reached is refused in words. */
export const readTree = (place: Place, reach: Reach): Promise<Tree> =>
  place.kind === "git"
    ? gitTree({
        ...place,
        gitdir: path.join(reach.dataDir, "decision-sources", `${place.id}.git`),
        most: mostFiles,
        internalHosts: reach.internalHosts,
      })
    : folderTree(place, reach);

async function folderTree(place: Place, reach: Reach): Promise<Tree> {
  if (!fs.statSync(place.address, { throwIfNoEntry: false })?.isDirectory())
    throw new Refusal("upstream", `There is no folder ${place.address} on the portal's machine.`);
  const real = fs.realpathSync(place.address);
  const inside = reach.folders.some((root) => {
    const allowed = fs.existsSync(root) ? fs.realpathSync(root) : root;
    return real === allowed || real.startsWith(allowed + path.sep);
  });
  if (!inside)
    throw new Refusal("forbidden", `${place.address} is not below a folder that DECISION_FOLDERS names.`, [
      { field: "address", message: "Ask whoever runs the portal to name it in DECISION_FOLDERS." },
    ]);
  return {
    commit: null,
    files: filesBelow(real, place.globs).map((file) => {
      if ("reason" in file) return { path: file.path, blob: file.reason, reason: file.reason };
      const blob = createHash("sha256").update(file.bytes).digest("hex");
      return { path: file.path, blob, read: async () => file.bytes };
    }),
  };
}
