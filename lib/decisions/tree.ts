import "server-only";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import git, { type HttpClient as GitHttp } from "isomorphic-git";
import { httpClient } from "@/lib/connectors/http";
import { Refusal } from "@/lib/core/refusal";
import { filesBelow, mostFiles } from "./folder";
import { fits } from "./glob";

/** One file of a source as it is now. `blob` is its identity by content; `read` fetches its bytes. */
type TreeFile =
  | { path: string; blob: string; read: () => Promise<Buffer> }
  | { path: string; blob: string; reason: string };
export type Tree = { commit: string | null; files: TreeFile[] };

/** What the portal's own settings allow a source to reach. */
export type Reach = { dataDir: string; folders: readonly string[]; internalHosts: boolean };

type Place = { id: string; kind: "git" | "folder"; address: string; branch: string | null; globs: readonly string[] };

/** Reads what a source holds now; what cannot be reached is refused in words. */
export const readTree = (place: Place, reach: Reach): Promise<Tree> =>
  place.kind === "git" ? gitTree(place, reach) : folderTree(place, reach);

/** Fetches the branch's newest commit alone into a cache below the data folder; blobs that are there are not fetched again. */
async function gitTree(place: Place, reach: Reach): Promise<Tree> {
  const url = address(place.address);
  const http = guardedGit(url, reach);
  const gitdir = path.join(reach.dataDir, "decision-sources", `${place.id}.git`);
  try {
    await git.init({ fs, gitdir, bare: true });
    await git.addRemote({ fs, gitdir, remote: "origin", url: url.href, force: true });
    const { fetchHead } = await git
      .fetch({
        fs,
        http: http.plugin,
        gitdir,
        remote: "origin",
        depth: 1,
        singleBranch: true,
        tags: false,
        ...(place.branch ? { ref: place.branch } : {}),
      })
      .catch((error: unknown) => {
        throw asRefusal(error, place);
      });
    if (!fetchHead)
      throw new Refusal("upstream", `${url.host} has nothing on ${place.branch ?? "its default branch"} yet.`);
    const files: TreeFile[] = [];
    await git.walk({
      fs,
      gitdir,
      trees: [git.TREE({ ref: fetchHead })],
      map: async (name, [entry]) => {
        if (!entry || name === ".") return;
        const type = await entry.type();
        if (type !== "blob" || !place.globs.some((glob) => fits(name, glob))) return;
        if (files.length >= mostFiles)
          throw new Refusal("too_large", `More than ${mostFiles} files fit. Narrow the patterns.`);
        const oid = await entry.oid();
        // A link's blob is where it leads; following it could leave the repository.
        if ((await entry.mode()) === 0o120000) files.push({ path: name, blob: oid, reason: "a link" });
        else
          files.push({
            path: name,
            blob: oid,
            read: async () => Buffer.from((await git.readBlob({ fs, gitdir, oid })).blob),
          });
      },
    });
    return { commit: fetchHead, files: files.sort((a, b) => (a.path < b.path ? -1 : 1)) };
  } finally {
    http.close();
  }
}

function address(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== "https:" && url?.protocol !== "http:")
    throw new Refusal("invalid", `${text.slice(0, 200)} is no https address. Repositories are read over https alone.`, [
      { field: "address", message: "Give an address like https://git.example/team/decisions.git." },
    ]);
  return url;
}

/** The http side of isomorphic-git over our own client: bounded, guarded, no redirect to elsewhere. */
function guardedGit(url: URL, reach: Reach): { plugin: GitHttp; close: () => void } {
  const client = httpClient(
    "The Git server",
    url.origin,
    {},
    { tries: 3, budgetMs: 120_000, maxBytes: 128 * 1024 * 1024, publicOnly: !reach.internalHosts },
  );
  const plugin: GitHttp = {
    async request({ url: asked, method = "GET", headers = {}, body }) {
      const target = new URL(asked);
      if (target.origin !== url.origin)
        throw new Refusal("upstream", `The repository leads to ${target.origin}, which is not its own server.`);
      const chunks: Uint8Array[] = [];
      if (body) for await (const chunk of body) chunks.push(chunk);
      const answer = await client.bytes({
        method: method === "POST" ? "POST" : "GET",
        path: `${target.pathname}${target.search}`,
        headers,
        repeatable: true,
        ...(body ? { body: Buffer.concat(chunks) } : {}),
      });
      const plain = Object.entries(answer.headers).flatMap(([k, v]) => (typeof v === "string" ? [[k, v]] : []));
      return {
        url: asked,
        method,
        statusCode: answer.status,
        statusMessage: "",
        headers: Object.fromEntries(plain),
        body: once(answer.body),
      };
    },
  };
  return { plugin, close: client.close };
}

async function* once(bytes: Uint8Array): AsyncIterableIterator<Uint8Array> {
  yield bytes;
}

/** What Git itself has to say, as something the reader can mend; everything else goes on as it is. */
function asRefusal(error: unknown, place: Place): unknown {
  if (error instanceof Refusal || !(error instanceof Error)) return error;
  if (error.name === "NotFoundError")
    return new Refusal("upstream", `${place.address} has no branch ${place.branch ?? "to read"}.`, [], {
      cause: error,
    });
  if (
    error.name === "SmartHttpError" ||
    error.name === "ParseError" ||
    error.name === "RemoteCapabilityError" ||
    error.name === "EmptyServerResponseError"
  )
    return new Refusal("upstream", `${place.address} does not answer as a Git server. Is the address right?`, [], {
      cause: error,
    });
  return error;
}

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
