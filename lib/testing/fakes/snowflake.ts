import { createHash, createVerify, generateKeyPairSync } from "node:crypto";
import { type Fake, type FakeAnswer, type FakeRequest, type Scene, type SceneModel, startFake } from "./server";

export const snowflakePlace = { account: "ACME-ML", user: "COUNTERSIGN", database: "ML", schema: "PROD" };
const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
export const snowflakeKey = pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const fingerprint = createHash("sha256")
  .update(pair.publicKey.export({ type: "spki", format: "der" }))
  .digest("base64");

const error = (status: number, code: string, message: string): FakeAnswer => ({
  status,
  json: { code, message, sqlState: "42501", statementHandle: "019c06a4-0000-df4f-0000-001000006589" },
});
const invalid = error(401, "390144", "JWT token is invalid. [3b1f8a]");

/** Snowflake's SQL API for the few statements that the connector sends; results come in partitions, later ones compressed. */
export function startSnowflakeFake(scene: Scene): Promise<Fake> {
  const results = new Map<string, { columns: string[]; parts: (string | null)[][][] }>();
  return startFake(scene, {
    authorize: (request, fake) => (signedIn(request, fake) ? null : invalid),
    answer: (request, fake) => answer(request, fake, results),
    // A token made in the same second is the same token, so this one is refused once and not for good.
    expired: () => invalid,
    denied: (request) =>
      error(422, "003001", `SQL access control error:\nInsufficient privileges to operate on ${nameOf(request)}.`),
    throttled: { status: 429, json: { code: "390505", message: "Too many requests." } },
    failed: { status: 503, json: { code: "000001", message: "Service unavailable." } },
    nameOf,
  });
}

const tokenOf = (request: FakeRequest) => String(request.headers.authorization).replace(/^Bearer /, "");
const statementOf = (request: FakeRequest): string => {
  const body: { statement?: string } = request.body ? JSON.parse(request.body) : {};
  return body.statement ?? "";
};
const nameOf = (request: FakeRequest): string => statementOf(request) || "a result";

function signedIn(request: FakeRequest, fake: Fake): boolean {
  if (request.headers["x-snowflake-authorization-token-type"] !== "KEYPAIR_JWT") return false;
  const [head = "", body = "", signature = ""] = tokenOf(request).split(".");
  if (!createVerify("RSA-SHA256").update(`${head}.${body}`).verify(pair.publicKey, signature, "base64url"))
    return false;
  const claims: { iss?: string; sub?: string; iat?: number; exp?: number } = JSON.parse(
    Buffer.from(body, "base64url").toString(),
  );
  const subject = `${snowflakePlace.account}.${snowflakePlace.user}`;
  const now = (Date.now() + fake.skewMs) / 1000;
  return (
    claims.sub === subject &&
    claims.iss === `${subject}.SHA256:${fingerprint}` &&
    Math.abs((claims.iat ?? 0) - now) < 3600 &&
    (claims.iat ?? Number.POSITIVE_INFINITY) < now + 60 &&
    (claims.exp ?? 0) > now
  );
}

type Row = Record<string, string | null>;

function answer(
  request: FakeRequest,
  fake: Fake,
  results: Map<string, { columns: string[]; parts: (string | null)[][][] }>,
): FakeAnswer {
  const { pathname, searchParams } = request.url;
  const at = /^\/api\/v2\/statements\/([^/]+)$/.exec(pathname)?.[1];
  if (at) {
    const held = results.get(at);
    if (!held) return { status: 404, json: { code: "000709", message: "Statement not found." } };
    const n = Number(searchParams.get("partition") ?? 0);
    return n === 0 ? whole(at, held) : { status: 200, json: { data: held.parts[n] ?? [] }, gzip: true };
  }
  if (pathname !== "/api/v2/statements" || request.method !== "POST") return { status: 404, json: {} };
  const rows = run(statementOf(request), fake.scene);
  if (!rows) return error(422, "002003", "SQL compilation error:\nModel does not exist or not authorized.");
  const listed = fake.shuffled ? [...rows.rows].reverse().flatMap((row) => [row, row]) : rows.rows;
  const cells = listed.map((row) => rows.columns.map((name) => row[name] ?? null));
  const parts: (string | null)[][][] = fake.emptyPages && rows.many ? [[]] : [];
  const size = rows.many ? fake.pageSize : cells.length;
  for (let i = 0; i < cells.length; i += size) parts.push(cells.slice(i, i + size));
  if (parts.length === 0) parts.push([]);
  const handle = `019c06a4-0000-df4f-0000-${String(results.size).padStart(12, "0")}`;
  const held = { columns: rows.columns, parts };
  results.set(handle, held);
  // Every third statement takes longer than the request may.
  if (results.size % 3 === 0)
    return {
      status: 202,
      json: {
        code: "333334",
        message:
          "Asynchronous execution in progress. Use provided query id to perform query monitoring and management.",
        statementHandle: handle,
        statementStatusUrl: `/api/v2/statements/${handle}`,
      },
    };
  return whole(handle, held);
}

const whole = (
  handle: string,
  { columns, parts }: { columns: string[]; parts: (string | null)[][][] },
): FakeAnswer => ({
  status: 200,
  json: {
    resultSetMetaData: {
      numRows: parts.reduce((n, p) => n + p.length, 0),
      format: "jsonv2",
      partitionInfo: parts.map((p) => ({ rowCount: p.length, uncompressedSize: 1024 })),
      rowType: columns.map((name) => ({
        name,
        type: name === "created_on" ? "timestamp_ltz" : "text",
        nullable: true,
      })),
    },
    data: parts[0],
    code: "090001",
    statementStatusUrl: `/api/v2/statements/${handle}`,
    sqlState: "00000",
    statementHandle: handle,
    message: "Statement executed successfully.",
    createdOn: 1_700_000_000_000,
  },
});

/** Names are quoted whole, so that they may be in any letters. */
const unquoted = (name: string | undefined): string => (name ?? "").replace(/^"|"$/g, "").replaceAll('""', '"');
const stamp = (ms: number): string => `${Math.floor(ms / 1000)}.${String(ms % 1000).padStart(3, "0")}000000`;

function run(statement: string, scene: Scene): { columns: string[]; rows: Row[]; many: boolean } | null {
  const { account: _, user, database, schema } = snowflakePlace;
  const rows = (columns: string[], all: Row[], many = true) => ({ columns, rows: all, many });
  if (/^SELECT CURRENT_USER/.test(statement))
    return rows(
      ["user", "role", "region", "version"],
      [{ user, role: "COUNTERSIGN_READER", region: "AWS_EU_CENTRAL_1", version: "10.33.0" }],
      false,
    );
  if (/^SHOW MODELS IN (ACCOUNT|DATABASE "ML")$/.test(statement))
    return rows(
      [
        "created_on",
        "name",
        "model_type",
        "database_name",
        "schema_name",
        "comment",
        "owner",
        "default_version_name",
        "versions",
        "aliases",
      ],
      scene.models.map((m) => ({
        created_on: "1700000000.123000000",
        name: m.name,
        model_type: "USER_MODEL",
        database_name: database,
        schema_name: schema,
        comment: m.description,
        owner: "ML_ENGINEER",
        default_version_name: m.versions.find((v) => v.aliases.includes("DEFAULT"))?.version ?? null,
        versions: JSON.stringify(m.versions.map((v) => v.version)),
        aliases: JSON.stringify(Object.fromEntries(m.versions.flatMap((v) => v.aliases.map((a) => [a, v.version])))),
      })),
    );
  if (/^SHOW SERVICES IN /.test(statement))
    return rows(
      ["name", "status", "database_name", "schema_name", "owner", "compute_pool", "dns_name", "updated_on"],
      scene.endpoints.map((e) => ({
        name: e.name,
        status: "RUNNING",
        database_name: database,
        schema_name: schema,
        owner: "ML_ENGINEER",
        compute_pool: "CPU_S",
        dns_name: `${e.name}.x.svc.spcs.internal`.toLowerCase(),
        updated_on: "1700000300.000000000",
      })),
    );
  const inModel = /^(?:SHOW VERSIONS IN|ALTER) MODEL "ML"\."PROD"\.("(?:[^"]|"")+")(.*)$/.exec(statement);
  const model = scene.models.find((m) => m.name === unquoted(inModel?.[1]));
  if (!inModel || !model) return null;
  if (statement.startsWith("ALTER"))
    return alter(model, inModel[2] ?? "")
      ? rows(["status"], [{ status: "Statement executed successfully." }], false)
      : null;
  return rows(
    [
      "created_on",
      "name",
      "aliases",
      "comment",
      "database_name",
      "schema_name",
      "model_name",
      "is_default_version",
      "functions",
      "metadata",
      "user_data",
      "inference_services",
    ],
    model.versions.map((v, i) => ({
      created_on: v.bad ? "yesterday" : stamp(v.created),
      name: v.version,
      aliases: JSON.stringify([
        ...v.aliases,
        ...(i === 0 ? ["FIRST"] : []),
        ...(i === model.versions.length - 1 ? ["LAST"] : []),
      ]),
      comment: null,
      database_name: database,
      schema_name: schema,
      model_name: model.name,
      is_default_version: String(v.aliases.includes("DEFAULT")),
      functions: '["PREDICT"]',
      metadata: JSON.stringify({ metrics: { auc: 0.91, ...(v.digest ? { "countersign.digest": v.digest } : {}) } }),
      user_data: "{}",
      inference_services: JSON.stringify(
        scene.endpoints
          .filter((e) => e.slots.some((s) => s.model === model.name && s.version === v.version))
          .map((e) => `${database}.${schema}.${e.name}`),
      ),
    })),
  );
}

function alter(model: SceneModel, rest: string): boolean {
  const standsOn = (alias: string, version: string): boolean => {
    const to = model.versions.find((v) => v.version === version);
    if (!to) return false;
    for (const v of model.versions) v.aliases = v.aliases.filter((a) => a !== alias);
    to.aliases.push(alias);
    return true;
  };
  const byDefault = /^ SET DEFAULT_VERSION = (".+")$/.exec(rest);
  if (byDefault) return standsOn("DEFAULT", unquoted(byDefault[1]));
  const set = /^ VERSION (".+") SET ALIAS = (".+")$/.exec(rest);
  if (set) return standsOn(unquoted(set[2]), unquoted(set[1]));
  const unset = model.versions.find((v) => v.version === unquoted(/^ VERSION (".+") UNSET ALIAS$/.exec(rest)?.[1]));
  if (!unset) return false;
  unset.aliases = unset.aliases.filter((a) => a === "DEFAULT");
  return true;
}
