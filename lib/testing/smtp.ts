import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import PostalMime, { type Email } from "postal-mime";
import { SMTPServer } from "smtp-server";
import type { SmtpServer } from "@/lib/notifications/smtp";

/** What the server does to the next mail. `cut`: takes some of the message and breaks the connection; `swallow`: keeps it and breaks before it says so. */
export type Mood = "take" | "cut" | "swallow" | "deaf" | { at: "mail" | "rcpt" | "data"; code: number; words: string };

/** A real SMTP server on a free port of this machine, which keeps what it took, read by a parser of its own. */
export async function startSmtp(options: { tls?: boolean; password?: string } = {}) {
  const state = { mood: "take" as Mood };
  const mails: Email[] = [];
  const sockets = new Set<Socket>();
  const certificate = options.tls ? selfSigned() : null;
  const fault = (code: number, words: string) => Object.assign(new Error(words), { responseCode: code });
  const moodAt = (at: "mail" | "rcpt" | "data") =>
    typeof state.mood === "object" && state.mood.at === at ? fault(state.mood.code, state.mood.words) : null;
  const server = new SMTPServer({
    ...(certificate ? { key: certificate.key, cert: certificate.cert } : { disabledCommands: ["STARTTLS"] }),
    authOptional: options.password === undefined,
    allowInsecureAuth: false,
    logger: false,
    onConnect: (_session, done) => done(state.mood === "deaf" ? fault(421, "Too busy now") : null),
    onAuth: (auth, _session, done) =>
      auth.password === options.password
        ? done(null, { user: auth.username })
        : done(fault(535, `5.7.8 Wrong password ${auth.password}`)),
    onMailFrom: (_address, _session, done) => done(moodAt("mail")),
    onRcptTo: (_address, _session, done) => done(moodAt("rcpt")),
    onData: (stream, _session, done) => {
      const parts: Buffer[] = [];
      const breakOff = () => {
        for (const socket of sockets) socket.destroy();
      };
      stream.on("data", (part: Buffer) => {
        parts.push(part);
        if (state.mood === "cut") breakOff();
      });
      stream.on("end", async () => {
        if (state.mood === "cut") return;
        const refused = moodAt("data");
        if (refused) return done(refused);
        mails.push(await PostalMime.parse(Buffer.concat(parts)));
        if (state.mood === "swallow") return breakOff();
        done(null, "kept as 42");
      });
    },
  });
  server.on("error", () => undefined);
  server.server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.server.address();
  if (address === null || typeof address === "string") throw new Error("The SMTP server has no port.");
  const { port } = address;
  const at = (tls: SmtpServer["tls"]): SmtpServer => ({
    host: "localhost",
    port,
    tls,
    user: options.password === undefined ? null : "countersign",
    password: options.password ?? "",
  });
  return {
    port,
    at,
    ca: certificate?.cert,
    mails,
    state,
    stop: () =>
      new Promise<void>((resolve) => {
        certificate?.remove();
        server.close(() => resolve());
      }),
  };
}

function selfSigned() {
  const dir = mkdtempSync(path.join(tmpdir(), "countersign-smtp-"));
  const [key, cert] = [path.join(dir, "key.pem"), path.join(dir, "cert.pem")];
  const name = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  execFileSync(
    "openssl",
    [
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:P-256",
      "-nodes",
      "-days",
      "2",
      "-keyout",
      key,
      "-out",
      cert,
      ...name,
    ],
    { stdio: "ignore" },
  );
  return {
    key: readFileSync(key, "utf8"),
    cert: readFileSync(cert, "utf8"),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
