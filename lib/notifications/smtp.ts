import "server-only";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import MailComposer from "nodemailer/lib/mail-composer";
import SMTPConnection from "nodemailer/lib/smtp-connection";
import type { Invitation } from "@/lib/meetings/ical";
import type { Mail } from "./compose";

/** A mail server, as SMTP_URL names it. */
export type SmtpServer = {
  host: string;
  port: number;
  tls: "implicit" | "starttls" | null;
  user: string | null;
  password: string;
};

/**
 * What became of an attempt. `later`: nothing was taken, so it may be tried again. `refused`: the server will not take it. `uncertain`:
 * the connection was lost after the first byte of the message, so that it may have been taken.
 */
export type Outcome = { kind: "sent" | "later" | "refused" | "uncertain"; answer: string };

export type Mailer = {
  from: { name: string; address: string };
  send: (to: string, mail: Mail & { invitation: Invitation | null }) => Promise<Outcome>;
  close: () => void;
};

const patience = { connectionTimeout: 15_000, greetingTimeout: 15_000, socketTimeout: 60_000 };

/** Sends mails one after another over one connection, which is made anew when it was lost. `ca`: for tests with a certificate of their own. */
export function mailer(server: SmtpServer, from: { name: string; address: string }, ca?: string): Mailer {
  let open: SMTPConnection | null = null;
  const drop = () => {
    open?.close();
    open = null;
  };
  return {
    from,
    close: () => {
      open?.quit();
      open = null;
    },
    send: async (to, mail) => {
      const message = await built(from, to, mail);
      let begun = false;
      try {
        open ??= await connected(server, ca);
        const connection = open;
        // Read from only once the server has said that it listens: from then on nobody can know what it kept.
        const stream = Readable.from(
          (function* () {
            begun = true;
            yield message;
          })(),
        );
        const answer = await new Promise<string>((resolve, reject) => {
          connection.once("error", reject);
          connection.send({ from: from.address, to: [to], size: message.length }, stream, (error, info) => {
            connection.removeListener("error", reject);
            if (error) reject(error);
            else resolve(String(info?.response ?? ""));
          });
        });
        return { kind: "sent", answer: said(answer, server) };
      } catch (error) {
        drop();
        return { ...outcomeOf(error, begun), answer: said(wordsOf(error), server) };
      }
    },
  };
}

async function built(from: Mailer["from"], to: string, mail: Parameters<Mailer["send"]>[1]): Promise<Buffer> {
  const { unsubscribe, invitation } = mail;
  const node = new MailComposer({
    from,
    to: { name: "", address: to },
    subject: mail.subject,
    messageId: mail.messageId,
    ...(mail.references ? { references: mail.references, inReplyTo: mail.references } : {}),
    text: mail.text,
    html: mail.html,
    ...(invitation ? { icalEvent: { ...invitation, filename: "invitation.ics" } } : {}),
    headers: {
      ...(unsubscribe
        ? {
            "List-Unsubscribe": { prepared: true, value: `<${unsubscribe.post}>, <${unsubscribe.page}>` },
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
          }
        : {}),
      "Auto-Submitted": "auto-generated",
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  return buffer(node.createReadStream());
}

function connected(server: SmtpServer, ca?: string): Promise<SMTPConnection> {
  const connection = new SMTPConnection({
    host: server.host,
    port: server.port,
    secure: server.tls === "implicit",
    requireTLS: server.tls === "starttls",
    ignoreTLS: server.tls === null,
    tls: ca ? { ca } : {},
    ...patience,
  });
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => {
      connection.close();
      reject(error);
    };
    connection.once("error", fail);
    connection.connect((error) => {
      if (error) return fail(error);
      const ready = () => {
        connection.removeListener("error", fail);
        // A connection that dies between two mails says so at the next one.
        connection.on("error", () => undefined);
        resolve(connection);
      };
      if (server.user === null) return ready();
      connection.login({ user: server.user, pass: server.password }, (denied) => (denied ? fail(denied) : ready()));
    });
  });
}

type SmtpFault = { responseCode?: unknown; response?: unknown; message?: unknown; command?: unknown; code?: unknown };
const faultOf = (error: unknown): SmtpFault => (typeof error === "object" && error !== null ? error : {});

function outcomeOf(error: unknown, begun: boolean): { kind: Outcome["kind"] } {
  const { responseCode, command, code } = faultOf(error);
  const status = typeof responseCode === "number" ? responseCode : null;
  // What the server says about the portal (its name, its credentials, the lack of TLS) is mended by an administrator, and then it passes.
  const aboutUs =
    code === "EAUTH" ||
    code === "ETLS" ||
    (typeof command === "string" && /^(CONN|EHLO|HELO|AUTH|STARTTLS)/.test(command));
  if (aboutUs && !begun) return { kind: "later" };
  if (status !== null) return { kind: status >= 500 ? "refused" : "later" };
  return { kind: begun ? "uncertain" : "later" };
}

const wordsOf = (error: unknown): string => {
  const { response, message } = faultOf(error);
  return String(message || response || error);
};

/** The server's words, bounded, and without the password, should it repeat it. */
function said(words: string, server: SmtpServer): string {
  const hidden = [server.password, Buffer.from(server.password).toString("base64")].filter(
    (secret) => secret.length > 3,
  );
  return hidden
    .reduce((text, secret) => text.replaceAll(secret, "[secret]"), words)
    .replaceAll(/\s+/g, " ")
    .slice(0, 500);
}
