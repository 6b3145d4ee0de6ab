import "server-only";
import { spawn } from "node:child_process";
import { connect } from "node:net";
import { config } from "@/lib/config/config";
import { Refusal } from "@/lib/core/refusal";

const patience = 60_000;
const chunk = 64 * 1024;

/**
 * Has a file scanned as EVIDENCE_SCAN says and answers by what, "" when nothing is set. Something found is refused with its name; a
 * scanner that does not answer keeps the file out, because not scanned is not clean.
 */
export async function scanned(bytes: Uint8Array, scanner = config().evidenceScan): Promise<string> {
  if (scanner === null) return "";
  const verdict = await (scanner.kind === "clamd"
    ? byClamd(scanner.host, scanner.port, bytes)
    : byCommand(scanner, bytes)
  ).catch((cause: unknown) => {
    throw new Refusal(
      "unavailable",
      "The virus scanner does not answer, and what was not scanned is not kept. Try again later, or tell an administrator (EVIDENCE_SCAN).",
      [],
      { cause },
    );
  });
  if (verdict !== null)
    throw new Refusal("invalid", `The virus scanner found ${verdict} in the file. It is not kept.`, [
      { field: "file", message: `Holds ${verdict}.` },
    ]);
  return scanner.kind === "clamd" ? `clamd at ${scanner.host}:${scanner.port}` : scanner.command;
}

/** The INSTREAM command of clamd; answers what was found, null when nothing. */
function byClamd(host: string, port: number, bytes: Uint8Array): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    let said = "";
    socket.setTimeout(patience, () => socket.destroy(new Error("clamd did not answer in time.")));
    socket.on("error", reject);
    socket.on("data", (data) => {
      said += data.toString("utf8");
    });
    socket.on("close", () => {
      const answer = said.replaceAll("\0", "").trim();
      const found = /^stream: (.{1,200}) FOUND$/.exec(answer);
      if (found?.[1]) resolve(found[1]);
      else if (answer === "stream: OK") resolve(null);
      else reject(new Error(`clamd answered: ${answer.slice(0, 200)}`));
    });
    socket.write("zINSTREAM\0");
    for (let from = 0; from < bytes.length; from += chunk) {
      const part = bytes.subarray(from, from + chunk);
      const size = Buffer.alloc(4);
      size.writeUInt32BE(part.length);
      socket.write(size);
      socket.write(part);
    }
    socket.write(Buffer.alloc(4));
  });
}

/** A command that reads the file from its standard input: 0 clean, 1 found, anything else is a fault, as clamscan does it. */
function byCommand({ command }: { command: string }, bytes: Uint8Array): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const [program = "", ...args] = command.split(/\s+/);
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "ignore"], timeout: patience });
    let said = "";
    child.on("error", reject);
    child.stdout.on("data", (data: Buffer) => {
      if (said.length < 2000) said += data.toString("utf8");
    });
    // A scanner that has seen enough closes its end.
    child.stdin.on("error", () => undefined);
    child.on("close", (code) => {
      if (code === 0) resolve(null);
      else if (code === 1) resolve(/: (.{1,200}) FOUND/.exec(said)?.[1] ?? "something");
      else reject(new Error(`${program} ended with ${code}.`));
    });
    child.stdin.end(bytes);
  });
}
