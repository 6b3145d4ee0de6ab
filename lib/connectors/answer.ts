import "server-only";
import type { IncomingHttpHeaders } from "node:http";
import { z } from "zod";
import { type FaultKind, UpstreamFault } from "./fault";
import { BlockedAddress } from "./guard";
import type { Answer, Call } from "./http";

export const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`;

/** An answer that ended before its length. */
export const cutOff = (name: string, size: number) =>
  new UpstreamFault("truncated", `${name} broke off its answer after ${size} bytes. Does a proxy in between cut it?`);

/** A compressed answer that cannot be unpacked, or becomes too large. */
export const unpackFault = (name: string, error: Error, maxBytes: number): UpstreamFault =>
  "code" in error && error.code === "ERR_BUFFER_TOO_LARGE"
    ? new UpstreamFault("too_large", `${name} answered with more than ${maxBytes} bytes, unpacked.`)
    : new UpstreamFault("truncated", `${name} sent a compressed answer that cannot be unpacked.`, null, null, error);

/** What a broken connection stands for. */
export function networkFault(name: string, error: unknown, timeout: number): UpstreamFault {
  if (error instanceof UpstreamFault) return error;
  if (error instanceof BlockedAddress)
    return new UpstreamFault(
      "blocked",
      `${name} resolves to an internal or reserved address, which this connection may not reach.`,
      null,
      null,
      error,
    );
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  if (code === "ECONNREFUSED")
    return new UpstreamFault(
      "unreachable",
      `${name} refuses the connection. Is the server running, and the port right?`,
      null,
      null,
      error,
    );
  if (code === "ENOTFOUND" || code === "EAI_AGAIN")
    return new UpstreamFault(
      "unreachable",
      `The host of ${name} is not known. Check its spelling and the DNS of this machine.`,
      null,
      null,
      error,
    );
  if (code === "ETIMEDOUT")
    return new UpstreamFault(
      "timeout",
      `${name} did not answer within ${seconds(timeout)}. Is it behind a firewall?`,
      null,
      null,
      error,
    );
  if (/CERT|SSL|TLS|SIGNATURE|EPROTO|ERR_OSSL/.test(code))
    return new UpstreamFault(
      "tls",
      `The TLS connection to ${name} failed (${code}). ${code === "EPROTO" || code.includes("SSL") ? "Does it speak http rather than https?" : "Is its certificate valid, and its authority in NODE_EXTRA_CA_CERTS?"}`,
      null,
      null,
      error,
    );
  if (code === "ECONNRESET" || code === "EPIPE")
    return new UpstreamFault("truncated", `${name} broke the connection off.`, null, null, error);
  if (/^HPE_/.test(code))
    return new UpstreamFault(
      "unreachable",
      `${name} does not speak HTTP (${code}). Is the port right, and http against https?`,
      null,
      null,
      error,
    );
  return new UpstreamFault("unreachable", `${name} cannot be reached (${code || "network error"}).`, null, null, error);
}

/** The fault that an answer of 400 or more stands for. */
export function refused(name: string, call: Call, { status, body, headers }: Answer): UpstreamFault {
  const said = ownWords(body, headers);
  const quote = said.message ? ` It says: "${said.message}"` : "";
  const what = call.what ?? `${call.method} ${call.path.split("?")[0]}`;
  const kind = status === 403 && exhausted(headers) ? "rate_limited" : kindOf(status, said.code);
  const permission = kind === "forbidden" ? (said.permission ?? call.permission ?? null) : null;
  const fault = (text: string) => new UpstreamFault(kind, `${name} ${text}`, status, said.code, undefined, permission);
  switch (kind) {
    case "unauthorized":
      return fault(
        `does not accept the credentials (${status}). Enter ones that are valid now.${said.code ? quote : ""}`,
      );
    case "forbidden":
      return fault(
        `denies ${what} (${status}). Give this account ${permission ? `the permission ${permission}` : "the permission for it"}.${quote}`,
      );
    case "not_found":
      return fault(
        `knows no ${call.what ?? call.path.split("?")[0]} (${status}). Is the address right, with its path prefix?${quote}`,
      );
    case "rate_limited":
      return fault(`asks for fewer requests (${status}).`);
    case "server":
      return fault(`failed with ${status}. See that server's own log.${quote}`);
    default:
      return fault(`rejects ${what} (${status}).${quote}`);
  }
}

/** Codes that say more than the status they come with: AWS answers nearly everything with 400, OAuth a bad key as well. */
const kindOfCode: Readonly<Record<string, FaultKind>> = {
  ThrottlingException: "rate_limited",
  Throttling: "rate_limited",
  TooManyRequestsException: "rate_limited",
  RequestLimitExceeded: "rate_limited",
  AccessDeniedException: "forbidden",
  AccessDenied: "forbidden",
  ExpiredTokenException: "unauthorized",
  ExpiredToken: "unauthorized",
  UnrecognizedClientException: "unauthorized",
  InvalidClientTokenId: "unauthorized",
  InvalidSignatureException: "unauthorized",
  SignatureDoesNotMatch: "unauthorized",
  RequestExpired: "unauthorized",
  MissingAuthenticationTokenException: "unauthorized",
  ResourceNotFound: "not_found",
  ResourceNotFoundException: "not_found",
  // Snowflake: insufficient privileges; does not exist or not authorized, which it does not tell apart
  "003001": "forbidden",
  "002003": "forbidden",
  "002043": "forbidden",
  invalid_grant: "unauthorized",
  invalid_client: "unauthorized",
  unauthorized_client: "unauthorized",
  // Airflow 3 answers a token that ran out with 403
  "Invalid JWT token": "unauthorized",
};

/** GitHub denies with 403 what is only too much for now, and tells the two apart by its headers. */
const exhausted = (headers: Answer["headers"]): boolean =>
  headers["x-ratelimit-remaining"] === "0" || headers["retry-after"] !== undefined;

function kindOf(status: number, code: string | null): FaultKind {
  const known = code === null ? undefined : kindOfCode[code];
  if (known) return known;
  if (status === 401) return "unauthorized";
  if (status === 403) return "forbidden";
  if (status === 404) return "not_found";
  if (status === 429) return "rate_limited";
  return status === 408 || status === 425 || status >= 500 ? "server" : "rejected";
}

const text = z.string().nullish().catch(null);
const code = z
  .union([z.string(), z.number().transform(String)])
  .nullish()
  .catch(null);
/** The ways in which the systems we know say what is wrong. */
const saidShape = z.looseObject({
  // MLflow, Databricks
  error_code: code,
  message: text,
  // AWS: a type with or without its namespace
  __type: text,
  Message: text,
  // Airflow, Feast
  detail: text,
  // Snowflake
  code,
  // OAuth: a word; Google and Azure: an object
  error: z
    .union([
      z.string(),
      z.looseObject({
        code,
        status: text,
        message: text,
        details: z
          .array(z.looseObject({ metadata: z.looseObject({ permission: text }).nullish().catch(null) }).catch({}))
          .nullish()
          .catch(null),
      }),
    ])
    .nullish()
    .catch(null),
  error_description: text,
});

type Said = { code: string | null; message: string; permission: string | null };
const nothing: Said = { code: null, message: "", permission: null };

/** What an answer says of itself, at most one line of it; nothing of an HTML page. */
function ownWords(body: Buffer, headers: IncomingHttpHeaders): Said {
  if (!/json/.test(headers["content-type"] ?? "")) return nothing;
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch {
    // An error page that claims to be JSON: the status says enough.
    return nothing;
  }
  const parsed = saidShape.safeParse(value);
  if (!parsed.success) return nothing;
  const said = parsed.data;
  const inner = typeof said.error === "object" ? said.error : null;
  const message = said.message ?? said.Message ?? inner?.message ?? said.error_description ?? said.detail ?? "";
  const permission =
    inner?.details?.find((d) => d.metadata?.permission)?.metadata?.permission ??
    /not authorized to perform: ([\w:-]+)/.exec(message)?.[1] ??
    /authorization to perform action '([\w./-]+)'/.exec(message)?.[1];
  return {
    code:
      said.error_code ??
      said.__type?.split("#").at(-1) ??
      (typeof said.error === "string" ? said.error : (inner?.status ?? inner?.code)) ??
      said.code ??
      (said.detail && kindOfCode[said.detail] ? said.detail : null),
    message: (message.split("\n")[0] ?? "").slice(0, 200),
    permission: permission ?? null,
  };
}

/** Reads an answer as JSON of a known shape; everything else is a fault. */
export function parseJson<S extends z.ZodType>(name: string, call: Call, answer: Answer, schema: S): z.output<S> {
  const path = call.what ?? call.path.split("?")[0];
  const type = answer.headers["content-type"] ?? "";
  const text = answer.body.toString("utf8");
  if (/html/i.test(type) || /^\s*<(!doctype|html)/i.test(text))
    throw new UpstreamFault(
      "html",
      `${name} answered ${path} with HTML (a login page?) instead of JSON. Connect to the API's own address, with credentials it accepts.`,
      answer.status,
    );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new UpstreamFault(
      "json",
      `${name} answered ${path} with something that is not JSON (${answer.body.length} bytes, ${type || "no content type"}).`,
      answer.status,
      null,
      cause,
    );
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UpstreamFault(
    "shape",
    `${name} answered ${path} with an unexpected shape: ${issue?.path.join(".") || "the whole"}: ${issue?.message ?? "unknown"}. Is it the system it should be, in a version we know?`,
    answer.status,
    null,
    parsed.error,
  );
}
