import "server-only";
import fs from "node:fs";
import git, { type HttpClient as GitHttp } from "isomorphic-git";
import { Refusal } from "@/lib/core/refusal";
import { UpstreamFault } from "./fault";
import { fits } from "./glob";
import { type HttpLimits, httpClient } from "./http";

/** One file of a repository as it is now. `blob` is its identity by content; `read` fetches its bytes. */
export type TreeFile =
  | { path: string; blob: string; read: () => Promise<Buffer> }
  | { path: string; blob: string; reason: string };

export type Repository = {
  /** URL, https as a rule. */
  address: string;
  /** Null: the default branch. */
  branch: string | null;
  globs: readonly string[];
  /** Bare folder that keeps what was fetched. */
  gitdir: string;
  /** More files than this are refused. */
  most: number;
  /** Whether addresses inside the organisation may be reached. */
  internalHosts: boolean;
  limits?: Partial<HttpLimits>;
};

/**
 * The files of a branch's newest commit that fit the patterns. Fetches that commit alone; blobs that are there are not fetched again.
 * What cannot be reached is refused in words.
 */
export async function gitTree(repository: Repository): Promise<{ commit: string; files: TreeFile[] }> {
  try {
    return await treeOf(repository);
  } catch (error) {
    if (repository.internalHosts || !(error instanceof UpstreamFault) || error.kind !== "blocked") throw error;
    throw new UpstreamFault(
      "blocked",
      `${error.message} Whoever runs the portal can allow such repositories with DECISION_INTERNAL_HOSTS.`,
      null,
      null,
      error,
    );
  }
}

async function treeOf(repository: Repository): Promise<{ commit: string; files: TreeFile[] }> {
  const { gitdir, branch, globs, most } = repository;
  const url = addressOf(repository.address);
  const http = guardedGit(url, repository);
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
        ...(branch ? { ref: branch } : {}),
      })
      .catch((error: unknown) => {
        throw asRefusal(error, repository);
      });
    if (!fetchHead) throw new Refusal("upstream", `${url.host} has nothing on ${branch ?? "its default branch"} yet.`);
    const files: TreeFile[] = [];
    await git.walk({
      fs,
      gitdir,
      trees: [git.TREE({ ref: fetchHead })],
      map: async (name, [entry]) => {
        if (!entry || name === ".") return;
        const type = await entry.type();
        if (type !== "blob" || !globs.some((glob) => fits(name, glob))) return;
        if (files.length >= most) throw new Refusal("too_large", `More than ${most} files fit. Narrow the patterns.`);
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

function addressOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== "https:" && url?.protocol !== "http:")
    throw new Refusal("invalid", `${text.slice(0, 200)} is no https address. Repositories are read over https alone.`, [
      { field: "address", message: "Give an address like https://git.example/team/decisions.git." },
    ]);
  return url;
}

/** The http side of isomorphic-git over our own client: bounded, guarded, no redirect to elsewhere. */
function guardedGit(url: URL, { internalHosts, limits }: Repository): { plugin: GitHttp; close: () => void } {
  const client = httpClient(
    "The Git server",
    url.origin,
    {},
    { tries: 3, budgetMs: 120_000, maxBytes: 128 * 1024 * 1024, ...limits, publicOnly: !internalHosts },
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
function asRefusal(error: unknown, place: Repository): unknown {
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
