import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { commands } from "./commands";
import { main } from "./main";

async function run(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await main(args, { out: (t) => out.push(t), err: (t) => err.push(t), env: {} });
  return { code, out: out.join("\n"), err: err.join("\n") };
}

async function answering(status: number, body: unknown, use: (url: string) => Promise<void>): Promise<void> {
  const server = createServer((_request, response) => response.writeHead(status).end(JSON.stringify(body)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.close();
  }
}

test("--help names every command and the exit codes", async () => {
  const { code, out } = await run("--help");
  expect(code).toBe(0);
  for (const command of commands) expect(out).toContain(`${command.name} `);
  expect(out).toContain("0 yes, 1 no, 2 could not tell");
});

test("an unknown command and no command at all exit 2", async () => {
  expect(await run("frobnicate")).toMatchObject({ code: 2, err: expect.stringContaining('no command "frobnicate"') });
  expect((await run()).code).toBe(2);
});

test.each(commands.map((c) => [c.name, c] as const))("%s --help explains it", async (name, command) => {
  expect(await run(...name.split(" "), "--help")).toEqual({ code: 0, out: command.help, err: "" });
  expect(command.help).toContain(`countersign ${name}`);
});

test("an unknown option exits 2 with the command's help", async () => {
  const { code, err } = await run("status", "--nope");
  expect(code).toBe(2);
  expect(err).toContain("--nope");
  expect(err).toContain("countersign status [--url URL]");
});

test("status says yes, no, or that it could not ask", async () => {
  const part = { part: "database", ok: true, detail: "answers" };
  await answering(200, { status: "ready", parts: [part] }, async (url) => {
    expect(await run("status", "--url", url)).toMatchObject({
      code: 0,
      out: expect.stringContaining("database: answers"),
    });
  });
  await answering(503, { status: "not ready", parts: [{ ...part, ok: false }] }, async (url) => {
    expect(await run("status", "--url", url)).toMatchObject({ code: 1, out: expect.stringContaining("FAIL database") });
  });
  await answering(200, "hello", async (url) => {
    expect(await run("status", "--url", url)).toMatchObject({
      code: 2,
      err: expect.stringContaining("not as Countersign"),
    });
  });
  expect(await run("status", "--url", "http://127.0.0.1:9")).toMatchObject({
    code: 2,
    err: expect.stringContaining("does not answer"),
  });
});
