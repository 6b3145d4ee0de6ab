import { createServer } from "node:net";
import { afterEach, expect, test } from "vitest";
import { scanned } from "./scan";

const eicar = new TextEncoder().encode(
  ["X5O!P%@AP[4\\PZX54(P^)7CC)7}", "$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"].join(""),
);
const clean = new TextEncoder().encode("Drilled in 41 s.");
let close: () => void = () => undefined;
afterEach(() => close());

/** Speaks clamd's INSTREAM: finds the EICAR text, or answers what it is told. */
async function clamd(answer?: string): Promise<{ kind: "clamd"; host: string; port: number }> {
  const server = createServer((socket) => {
    const parts: Buffer[] = [];
    socket.on("data", (data) => {
      parts.push(data);
      const all = Buffer.concat(parts);
      if (!all.subarray(-4).equals(Buffer.alloc(4))) return;
      const found = all.includes("EICAR") ? "stream: Eicar-Signature FOUND\0" : "stream: OK\0";
      socket.end(answer ?? found);
    });
    socket.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  close = () => server.close();
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { kind: "clamd", host: "127.0.0.1", port: address.port };
}

test("without a scanner nothing is scanned and that is said", async () => {
  expect(await scanned(clean, null)).toBe("");
});

test("clamd lets a clean file through and names what it finds", async () => {
  const scanner = await clamd();
  expect(await scanned(clean, scanner)).toBe(`clamd at 127.0.0.1:${scanner.port}`);
  await expect(scanned(eicar, scanner)).rejects.toMatchObject({
    code: "invalid",
    message: "The virus scanner found Eicar-Signature in the file. It is not kept.",
  });
});

test("a scanner that is away, or answers something else, keeps the file out", async () => {
  await expect(scanned(clean, await clamd("INSTREAM size limit exceeded. ERROR\0"))).rejects.toMatchObject({
    code: "unavailable",
  });
  close();
  await expect(scanned(clean, { kind: "clamd", host: "127.0.0.1", port: 1 })).rejects.toMatchObject({
    code: "unavailable",
  });
});

test("a command says by its exit: 0 clean, 1 found, anything else a fault", async () => {
  const by = (command: string) => scanned(clean, { kind: "command", command });
  expect(await by("/usr/bin/true")).toBe("/usr/bin/true");
  await expect(by("/usr/bin/false")).rejects.toMatchObject({ code: "invalid" });
  await expect(by("/usr/bin/no-such-scanner")).rejects.toMatchObject({ code: "unavailable" });
  await expect(by("/usr/bin/test 1 -xx 2")).rejects.toMatchObject({ code: "unavailable" });
});
