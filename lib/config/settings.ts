import { z } from "zod";
import { personRoles } from "@/lib/people/person";

/** One line of .env.example: what the setting is for, and the value shown there (empty: unset). */
type Setting = { schema: z.ZodType; comment: string; example: string };

const whole = (low: number, high: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `Give a whole number from ${low} to ${high}.`)
    .transform(Number)
    .refine((n) => n >= low && n <= high, `Give a whole number from ${low} to ${high}.`);

const onOff = z.enum(["on", "off"], 'Use "on" or "off".').transform((v) => v === "on");

const webAddress = z
  .url({ protocol: /^https?$/, error: "Give an address like https://countersign.example." })
  .max(300, "Use at most 300 characters.")
  .refine((v) => !v.includes("?") && !v.includes("#"), "Give an address without ? and #.");

const origin = webAddress.transform((value, ctx) => {
  const url = new URL(value);
  if (url.pathname === "/") return url.origin;
  ctx.addIssue({ code: "custom", message: "Give the address without a path." });
  return z.NEVER;
});

const host = z
  .string()
  .max(255, "Use at most 255 characters.")
  .regex(
    /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/,
    "Give a host name in lower case, with a port if it is not the usual one.",
  );

const text = (max: number) => z.string().min(1).max(max, `Use at most ${max} characters.`);

export const role = z.enum(["web", "worker", "all"], 'Use "web", "worker" or "all".');

/** `group=role` or `group=role@unit`, with ";" between them. */
export const roleMap = z
  .string()
  .max(20_000, "Use at most 20000 characters.")
  .transform((value, ctx) => {
    const out: { group: string; role: (typeof personRoles)[number]; unit: string | null }[] = [];
    for (const part of value.split(";").map((p) => p.trim())) {
      if (part === "") continue;
      const match = /^(.+)=([a-z_]+)(?:@([a-z0-9-]+))?$/.exec(part);
      const name = personRoles.find((r) => r === match?.[2]);
      if (!match?.[1] || !name) {
        ctx.addIssue({
          code: "custom",
          message: `"${part.slice(0, 80)}" is not group=role or group=role@unit. Roles: ${personRoles.join(", ")}.`,
        });
        return z.NEVER;
      }
      out.push({ group: match[1].trim(), role: name, unit: match[3] ?? null });
    }
    return out;
  });

const key32 = z
  .string()
  .max(100)
  .transform((value, ctx) => {
    const bytes = /^[0-9a-f]{64}$/i.test(value) ? Buffer.from(value, "hex") : Buffer.from(value, "base64");
    if (bytes.length === 32) return bytes;
    ctx.addIssue({
      code: "custom",
      message: "Give 32 random bytes in base64 or hex, as `openssl rand -base64 32` prints them.",
    });
    return z.NEVER;
  });

/** `clamd://host:port`, or `command:` and a program with arguments that reads the file from its standard input. */
const scanner = z
  .string()
  .max(300, "Use at most 300 characters.")
  .transform((value, ctx) => {
    const clamd = /^clamd:\/\/([a-z0-9.-]+)(?::(\d{1,5}))?$/i.exec(value);
    if (clamd?.[1]) return { kind: "clamd" as const, host: clamd[1], port: Number(clamd[2] ?? 3310) };
    const command = /^command:(\/\S.*)$/.exec(value)?.[1];
    if (command) return { kind: "command" as const, command };
    ctx.addIssue({ code: "custom", message: "Give clamd://host:3310 or command:/path/to/program with its arguments." });
    return z.NEVER;
  });

/** smtps:// speaks TLS from the first byte; smtp:// turns to it by STARTTLS and refuses to go on without, unless ?tls=off says so. */
const smtp = z
  .string()
  .max(500, "Use at most 500 characters.")
  .transform((value, ctx) => {
    const url = URL.canParse(value) ? new URL(value) : null;
    const plain = url?.protocol === "smtp:" && url.searchParams.get("tls") === "off";
    const tls: "implicit" | "starttls" | null = plain ? null : url?.protocol === "smtps:" ? "implicit" : "starttls";
    if (url && url.hostname !== "" && (url.protocol === "smtp:" || url.protocol === "smtps:")) {
      const user = decodeURIComponent(url.username);
      if (tls !== null || user === "")
        return {
          host: url.hostname,
          port: Number(url.port || (tls === "implicit" ? 465 : 587)),
          tls,
          user: user === "" ? null : user,
          password: decodeURIComponent(url.password),
        };
    }
    ctx.addIssue({
      code: "custom",
      message:
        "Give smtp://user:password@host:587 or smtps://user:password@host:465; without a password also smtp://host:25?tls=off.",
    });
    return z.NEVER;
  });

/** `Name <address>`, or the address alone. */
const sender = z
  .string()
  .max(200, "Use at most 200 characters.")
  .transform((value, ctx) => {
    const [, name = "", address = ""] = /^([^<>\r\n"]*)<([^<>\s]+)>$/.exec(value.trim()) ?? [null, "", value.trim()];
    if (z.email().safeParse(address).success) return { name: name.trim(), address };
    ctx.addIssue({ code: "custom", message: "Give an address like Countersign <countersign@example.com>." });
    return z.NEVER;
  });

/** Every setting of the portal: the schema of its text, and its line in .env.example. The order is that of the file. */
export const settings = {
  PORT: { schema: whole(0, 65_535), example: "3000", comment: "Port to serve on; 0 picks a free one." },
  HOST: {
    schema: text(255),
    example: "127.0.0.1",
    comment: "Address to serve on; 0.0.0.0 for every network of the machine.",
  },
  PUBLIC_URL: {
    schema: origin,
    example: "",
    comment: "Address people use, without a path. Default: http://localhost:PORT. https makes cookies secure.",
  },
  SIGN_HOST: {
    schema: host,
    example: "",
    comment: "Host of the signing origin; another host than the portal's. Default: sign. before the portal's host.",
  },
  LOG_HOST: {
    schema: host,
    example: "",
    comment: "Host of the public log. Default: log. before the portal's host.",
  },
  ORGANISATION_NAME: {
    schema: text(120),
    example: "",
    comment: "Name shown in the navigation and on records. Default: Halden Group in demo mode, Countersign otherwise.",
  },
  DATA_DIR: {
    schema: text(1000),
    example: "./data",
    comment: "Folder for the embedded database, keys and evidence files.",
  },
  DATABASE_URL: {
    schema: z
      .string()
      .max(1000)
      .regex(/^postgres(ql)?:\/\//, "Give an address like postgres://user:password@host:5432/name."),
    example: "",
    comment:
      "PostgreSQL 15 or later; behind PgBouncer 1.21 or later (prepared statements). Unset: an embedded PostgreSQL under DATA_DIR.",
  },
  DATABASE_POOL: { schema: whole(2, 200), example: "10", comment: "Database connections of one process." },
  ROLE: { schema: role, example: "all", comment: "What this process does: web (pages, API), worker (jobs) or all." },
  DEMO: {
    schema: onOff,
    example: "on",
    comment: "on offers one-click demo people; never shown in production beside an OIDC_ISSUER.",
  },
  AUTH_SECRET: {
    schema: z
      .string()
      .min(32, "Give at least 32 random characters, as `openssl rand -base64 32` prints them.")
      .max(500),
    example: "",
    comment: "Protects sign-in in progress. Unset: made once in DATA_DIR/keys; set it where replicas share no folder.",
  },
  SESSION_HOURS: { schema: whole(1, 720), example: "12", comment: "A session ends this many hours after sign-in." },
  OIDC_ISSUER: {
    schema: webAddress,
    example: "",
    comment: "Issuer address of the organisation's OpenID provider; with the next two, turns single sign-on on.",
  },
  OIDC_CLIENT_ID: { schema: text(300), example: "", comment: "Client id at the provider." },
  OIDC_CLIENT_SECRET: {
    schema: text(1000),
    example: "",
    comment: "Client secret at the provider. Redirect address: PUBLIC_URL/api/auth/callback/oidc",
  },
  OIDC_NAME: { schema: text(60), example: "Single sign-on", comment: "What the sign-in button calls the provider." },
  OIDC_SCOPE: {
    schema: text(300).regex(/(^| )openid( |$)/, "Must contain openid."),
    example: "openid profile email",
    comment: "Scopes to ask for; some providers need groups as well.",
  },
  OIDC_ROLE_CLAIM: { schema: text(100), example: "groups", comment: "Claim that lists a person's groups." },
  OIDC_ROLE_MAP: {
    schema: roleMap,
    example: "",
    comment:
      "group=role or group=role@unit, separated by ; for example: arb-chairs=board_chair;card-owners=contributor@card-risk",
  },
  OIDC_SIGN_UP: {
    schema: onOff,
    example: "on",
    comment:
      "on: anyone the provider knows gets an account (without a role until one is granted); off: invited people only.",
  },
  BOOTSTRAP_TOKEN: {
    schema: z.string().regex(/^[\x21-\x7e]{32,200}$/, "Give 32 to 200 visible characters without spaces."),
    example: "",
    comment: "At the first start, becomes the token of an administrator service, for automation.",
  },
  ENCRYPTION_KEY: {
    schema: key32,
    example: "",
    comment:
      "Seals connector credentials in the database: 32 bytes in base64 or hex. Unset: made once in DATA_DIR/keys.",
  },
  GATE_CHECKS_PER_SECOND: {
    schema: whole(1, 1_000_000),
    example: "20",
    comment: "How often one token may ask the gate, in the long run, in each process.",
  },
  GATE_CHECKS_BURST: {
    schema: whole(1, 1_000_000),
    example: "100",
    comment: "How often one token may ask the gate at once after a pause, in each process.",
  },
  JOBS_WIDTH: { schema: whole(1, 64), example: "4", comment: "Jobs that run side by side in one process." },
  JOBS_POLL_SECONDS: { schema: whole(1, 300), example: "1", comment: "How often a worker looks for due jobs." },
  SYNC_MINUTES: {
    schema: whole(1, 1_440),
    example: "15",
    comment: "How often a connection is synced unless it says otherwise.",
  },
  CONNECTOR_TIMEOUT_SECONDS: {
    schema: whole(1, 600),
    example: "30",
    comment: "How long to wait for an answer of a connected system.",
  },
  DECISION_FOLDERS: {
    schema: text(2000),
    example: "",
    comment: "Folders, separated by :, below which decision records may be read as a source. Unset: none.",
  },
  DECISION_INTERNAL_HOSTS: {
    schema: onOff,
    example: "off",
    comment: "on lets Git repositories of decision records and of SLO files be on addresses inside the organisation.",
  },
  EVIDENCE_SCAN: {
    schema: scanner,
    example: "",
    comment:
      "Scans evidence for viruses: clamd://host:3310, or command:/usr/bin/clamdscan - with the file on its input. Unset: none.",
  },
  EVIDENCE_INTERNAL_HOSTS: {
    schema: onOff,
    example: "off",
    comment: "on lets snapshots of links given as evidence be read from addresses inside the organisation.",
  },
  SMTP_URL: {
    schema: smtp,
    example: "",
    comment:
      "Mail server for notifications: smtp://user:password@host:587 (STARTTLS is insisted on) or smtps://…:465. Unset: no mail.",
  },
  SMTP_FROM: {
    schema: sender,
    example: "",
    comment: "Sender of notifications, as in Countersign <countersign@example.com>. Needed with SMTP_URL.",
  },
  LOG_ORIGIN: {
    schema: text(200).regex(/^[\x21-\x7e]+$/, "Use visible characters without spaces."),
    example: "",
    comment: "Name of the log in its checkpoints; fixed once entries exist. Default: LOG_HOST without its port.",
  },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof settings;
