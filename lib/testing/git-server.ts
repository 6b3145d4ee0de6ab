import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";

/** Why tests that need Git itself cannot run; null when they can. */
export function gitMissing(): string | null {
  const found = spawnSync("git", ["http-backend", "--help"], { stdio: "ignore" });
  return found.error ? "there is no git" : null;
}

const identity = {
  GIT_AUTHOR_NAME: "A",
  GIT_AUTHOR_EMAIL: "a@example.org",
  GIT_COMMITTER_NAME: "A",
  GIT_COMMITTER_EMAIL: "a@example.org",
};

/** A real repository, served by Git's own HTTP backend, and a clone to change it with. */
export async function testGit() {
  const root = mkdtempSync(path.join(tmpdir(), "countersign-git-"));
  const work = path.join(root, "work");
  const env = { ...process.env, ...identity, GIT_CONFIG_NOSYSTEM: "1", HOME: root };
  const git = (cwd: string, ...args: string[]) => execFileSync("git", args, { cwd, env, stdio: "pipe" }).toString();
  git(root, "init", "-q", "--bare", "-b", "main", "served.git");
  git(root, "clone", "-q", "served.git", "work");
  git(work, "checkout", "-q", "-b", "main");

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://git.test");
    const child = spawn("git", ["http-backend"], {
      env: {
        ...env,
        GIT_PROJECT_ROOT: root,
        GIT_HTTP_EXPORT_ALL: "1",
        PATH_INFO: url.pathname,
        QUERY_STRING: url.search.slice(1),
        REQUEST_METHOD: request.method ?? "GET",
        CONTENT_TYPE: request.headers["content-type"] ?? "",
        ...(request.headers["content-length"] ? { CONTENT_LENGTH: request.headers["content-length"] } : {}),
      },
    });
    request.pipe(child.stdin);
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("close", () => {
      const all = Buffer.concat(chunks);
      const end = all.indexOf("\r\n\r\n");
      const head = all
        .subarray(0, end)
        .toString()
        .split("\r\n")
        .map((line) => line.split(": "));
      const status = Number(head.find(([name]) => name === "Status")?.[1]?.slice(0, 3) ?? 200);
      for (const [name, value] of head) if (name && value && name !== "Status") response.setHeader(name, value);
      response.writeHead(status).end(all.subarray(end + 4));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/served.git`,
    root,
    git: (...args: string[]) => git(work, ...args),
    write(name: string, content: string | Buffer): void {
      mkdirSync(path.dirname(path.join(work, name)), { recursive: true });
      writeFileSync(path.join(work, name), content);
    },
    push(message: string, ...more: string[]): void {
      git(work, "add", "-A");
      git(work, "commit", "-q", "--allow-empty", "-m", message);
      git(work, "push", "-q", ...more, "origin", "main");
    },
    close(): void {
      server.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
