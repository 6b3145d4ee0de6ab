import "server-only";
import { createHash, createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { SignJWT } from "jose";
import { config } from "@/lib/config/config";
import { bearer } from "@/lib/connectors/bearer";
import { UpstreamFault } from "@/lib/connectors/fault";
import { defaultLimits, type HttpClient, type HttpLimits, httpClient } from "@/lib/connectors/http";
import { quoted } from "./map";
import { partitionAnswer, type Statement, statementAnswer } from "./shapes";

/** A Snowflake account, the user whose public key it knows, and the role to read with. */
export type SnowflakeTarget = {
  /** https://ORGANISATION-ACCOUNT.snowflakecomputing.com */
  baseUrl: string;
  /** Left out: the first part of the host. */
  account: string | null;
  user: string;
  /** PEM, PKCS#8, not encrypted. */
  privateKey: string;
  role: string | null;
  database: string | null;
};

/** Rows of a SHOW command or query, each with its columns by their names in lower case. */
export type Rows = { records: Record<string, string | null>[]; next: string | null };

/** A statement that still runs is asked after at least this often. */
const pollMostMs = 5_000;
/** A statement that runs longer is given up. */
const patienceMs = 5 * 60_000;

export type SnowflakeClient = ReturnType<typeof snowflakeClient>;

/** Snowflake's SQL API (docs.snowflake.com/developer-guide/sql-api), for statements that need no warehouse. */
export function snowflakeClient(target: SnowflakeTarget, limits: Partial<HttpLimits> = {}) {
  const cap = { ...defaultLimits, timeoutMs: config().connectorTimeoutMs, ...limits };
  const key = parseKey(target.privateKey);
  const account = (target.account ?? new URL(target.baseUrl).hostname.split(".")[0] ?? "").toUpperCase();
  const user = target.user.toUpperCase();
  const http: HttpClient = httpClient(
    "Snowflake",
    target.baseUrl,
    // Snowflake refuses a token from a clock that is off: the next is made with the time that it said.
    bearer(() => sign(key, `${account}.${user}`, http.skewMs() ?? 0), {
      "x-snowflake-authorization-token-type": "KEYPAIR_JWT",
    }),
    cap,
  );

  const submit = (statement: string, permission: string): Promise<Statement> =>
    http.json(
      {
        method: "POST",
        path: "/api/v2/statements",
        body: {
          statement,
          timeout: Math.floor(patienceMs / 1000),
          ...(target.role === null ? {} : { role: target.role }),
        },
        what: statement.slice(0, 200),
        permission,
        // What is sent here reads, or sets what may be set twice.
        repeatable: true,
      },
      statementAnswer,
    );

  const finished = async (statement: string, permission: string): Promise<Extract<Statement, { done: true }>> => {
    let answer = await submit(statement, permission);
    const until = performance.now() + patienceMs;
    for (let pause = cap.pauseMs / 2; !answer.done; pause = Math.min(pause * 2, pollMostMs)) {
      if (performance.now() > until)
        throw new UpstreamFault("timeout", `Snowflake did not finish ${statement.slice(0, 200)} within 5 minutes.`);
      await new Promise((resolve) => setTimeout(resolve, pause));
      const path = `/api/v2/statements/${encodeURIComponent(answer.statementHandle)}`;
      answer = await http.json({ method: "GET", path, permission }, statementAnswer);
    }
    return answer;
  };

  /** The first partition, with the place of the second. Later ones are asked for by that place: handle, number, columns. */
  const first = async (statement: string, permission: string): Promise<Rows> => {
    const done = await finished(statement, permission);
    const columns = done.resultSetMetaData.rowType;
    const last = done.resultSetMetaData.partitionInfo.length - 1;
    return {
      records: done.data.map((row) => record(columns, row)),
      next: last >= 1 ? [done.statementHandle, 1, last, columns.join(",")].join(" ") : null,
    };
  };
  const later = async (place: string, permission: string): Promise<Rows> => {
    const [handle = "", at = "1", last = "1", columns = ""] = place.split(" ");
    const path = `/api/v2/statements/${encodeURIComponent(handle)}?partition=${Number(at)}`;
    const { data } = await http.json({ method: "GET", path, permission }, partitionAnswer);
    const names = columns.split(",");
    return {
      records: data.map((row) => record(names, row)),
      next: Number(at) < Number(last) ? [handle, Number(at) + 1, last, columns].join(" ") : null,
    };
  };
  const all = async (statement: string, permission: string): Promise<Rows["records"]> => {
    const records: Rows["records"] = [];
    for (let page = await first(statement, permission); ; page = await later(page.next, permission)) {
      records.push(...page.records);
      if (page.next === null) return records;
    }
  };
  const scope = target.database === null ? "ACCOUNT" : `DATABASE ${quoted(target.database)}`;
  const usage = target.database === null ? "USAGE ON DATABASE and SCHEMA" : `USAGE ON DATABASE ${target.database}`;

  return {
    account,
    user,
    usage,
    models: (place: string | null) => (place === null ? first(`SHOW MODELS IN ${scope}`, usage) : later(place, usage)),
    versions: (database: string, schema: string, model: string) =>
      all(`SHOW VERSIONS IN MODEL ${quoted(database, schema, model)}`, `USAGE ON MODEL ${database}.${schema}.${model}`),
    services: () => all(`SHOW SERVICES IN ${scope}`, "MONITOR ON SERVICE"),
    session: () =>
      all(
        `SELECT CURRENT_USER() AS "user", CURRENT_ROLE() AS "role", CURRENT_REGION() AS "region", CURRENT_VERSION() AS "version"`,
        "a default role",
      ),
    /** Runs a statement that changes a model; each of them may be run twice. */
    alter: async (statement: string, permission: string): Promise<void> => {
      await all(statement, permission);
    },
    skewMs: http.skewMs,
    close: http.close,
  };
}

const record = (columns: readonly string[], row: readonly (string | null)[]): Record<string, string | null> =>
  Object.fromEntries(columns.map((name, i) => [name, row[i] ?? null]));

function parseKey(pem: string): { signing: KeyObject; fingerprint: string } {
  try {
    const signing = createPrivateKey(pem.trim());
    if (signing.asymmetricKeyType !== "rsa") throw new Error("not RSA");
    const der = createPublicKey(signing).export({ type: "spki", format: "der" });
    return { signing, fingerprint: `SHA256:${createHash("sha256").update(der).digest("base64")}` };
  } catch {
    throw new UpstreamFault(
      "unauthorized",
      "The private key cannot be read. Paste the RSA key as PEM (PKCS#8, without a passphrase), as `openssl pkcs8 -topk8 -nocrypt` writes it.",
    );
  }
}

/** A token for one hour, the longest that Snowflake takes (docs.snowflake.com/developer-guide/sql-api/authenticating). */
async function sign(key: ReturnType<typeof parseKey>, subject: string, ahead: number) {
  const now = Math.floor((Date.now() + ahead) / 1000);
  const lifeS = 3_540;
  const token = await new SignJWT({})
    .setProtectedHeader({ alg: "RS256", typ: "JWT" })
    .setIssuer(`${subject}.${key.fingerprint}`)
    .setSubject(subject)
    .setIssuedAt(now)
    .setExpirationTime(now + lifeS)
    .sign(key.signing);
  return { token, lifeMs: lifeS * 1000 };
}

/** What Snowflake answers where an object is not there, or the role may not see it: it does not tell these apart. */
export const hidden = (error: unknown): boolean =>
  error instanceof UpstreamFault && (error.upstreamCode === "002003" || error.upstreamCode === "002043");
