import "server-only";
import { createHash } from "node:crypto";
import { parse as parseYaml } from "yaml";
import { UpstreamFault } from "@/lib/connectors/fault";
import type { FactValue } from "@/lib/facts/fact";
import type { MlflowClient } from "./client";
import { mlmodelFacts } from "./map";

/** Bytes and files of one version that are read at most to compute its digest. */
export const digestLimits = { bytes: 256 * 1024 * 1024, files: 1000, depth: 8 };

export type ArtifactReading = {
  /** SHA-256 hex; null with the reason in `source`. */
  digest: string | null;
  source: string;
  facts: Record<string, FactValue>;
};

/**
 * The digest of a version's files, as OpenSSF Model Signing (OMS) computes the digest that its signature names: SHA-256 over the
 * concatenated SHA-256 digests of all files, in the byte order of their paths. So `model_signing` and a build that hashes the same
 * directory come to the same value. Null where the files are not served by the tracking server or are too large; throws
 * UpstreamFault when the server fails, so that it is tried again later.
 */
export async function readArtifacts(
  client: MlflowClient,
  name: string,
  version: string,
  limits = digestLimits,
): Promise<ArtifactReading> {
  let root: string | null;
  let files: { path: string; size: number | null }[];
  try {
    root = proxyPath(await client.artifactUri(name, version));
    if (root === null) return unknown("its files are not served by the tracking server");
    files = await listFiles(client, root, limits);
  } catch (error) {
    if (error instanceof UpstreamFault && lasting.includes(error.kind))
      return unknown(`its files cannot be read (${error.status ?? error.kind})`);
    throw error;
  }
  if (files.length === 0) return unknown("it has no files");
  if (files.length > limits.files) return unknown(`it has more than ${limits.files} files`);
  const total = files.reduce((sum, f) => sum + (f.size ?? 0), 0);
  if (total > limits.bytes) return unknown(`its files are larger than ${limits.bytes} bytes`);
  files.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));

  const whole = createHash("sha256");
  const facts: Record<string, FactValue> = {};
  let read = 0;
  for (const { path } of files) {
    let bytes: Buffer;
    try {
      bytes = await client.proxiedFile(`${root}/${path}`, limits.bytes - read + 1);
    } catch (error) {
      if (error instanceof UpstreamFault && (lasting.includes(error.kind) || error.kind === "too_large"))
        return { ...unknown(`${path} cannot be read (${error.status ?? error.kind})`), facts };
      throw error;
    }
    read += bytes.length;
    if (read > limits.bytes) return { ...unknown(`its files are larger than ${limits.bytes} bytes`), facts };
    const digest = createHash("sha256").update(bytes).digest();
    whole.update(digest);
    if (path === "MLmodel") Object.assign(facts, fromMlmodel(bytes));
    if (pins.includes(path) && !("run.environment" in facts))
      facts["run.environment"] = `${path} sha256:${digest.toString("hex")}`;
  }
  facts["artifact.size"] = read;
  return { digest: whole.digest("hex"), source: "computed from the files", facts };
}

/** Failures that will be the same next time. */
const lasting = ["not_found", "rejected", "forbidden", "unauthorized", "html", "json", "shape"];
/** Files that pin an environment, the most exact first in path order. */
const pins = ["conda.yaml", "python_env.yaml", "requirements.txt"];

const unknown = (why: string): ArtifactReading => ({ digest: null, source: `unknown: ${why}`, facts: {} });

/** `mlflow-artifacts:/1/models/m-…/artifacts` is served by the server itself; anything else lies where we hold no key. */
export function proxyPath(uri: string): string | null {
  const match = /^mlflow-artifacts:(?:\/\/[^/]*)?\/+(.+?)\/*$/.exec(uri);
  return match?.[1] ?? null;
}

async function listFiles(
  client: MlflowClient,
  root: string,
  limits: typeof digestLimits,
): Promise<{ path: string; size: number | null }[]> {
  const found: { path: string; size: number | null }[] = [];
  const walk = async (below: string, depth: number): Promise<void> => {
    if (depth > limits.depth || found.length > limits.files) return;
    const { files } = await client.proxied(below ? `${root}/${below}` : root);
    for (const file of files) {
      const leaf = file.path.split("/").at(-1) ?? file.path;
      const path = below ? `${below}/${leaf}` : leaf;
      if (file.is_dir) await walk(path, depth + 1);
      else found.push({ path, size: file.file_size ?? null });
    }
  };
  await walk("", 0);
  return found;
}

function fromMlmodel(bytes: Buffer): Record<string, FactValue> {
  try {
    const model: unknown = parseYaml(bytes.toString("utf8"), { maxAliasCount: 0 });
    return typeof model === "object" && model !== null ? mlmodelFacts(model) : {};
  } catch {
    // An MLmodel that is no YAML says nothing; the digest still stands.
    return {};
  }
}
