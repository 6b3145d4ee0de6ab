import "server-only";
import { AwsV4Signer } from "aws4fetch";
import type { Authorize, HttpClient } from "./http";

/** The keys of an IAM user. */
export type AwsKeys = { accessKeyId: string; secretAccessKey: string };

/**
 * Signs each request (Signature Version 4). AWS refuses one that is more than five minutes off its clock: the second attempt, and
 * all that follow, are signed with the time that the server said.
 */
export function sigV4(keys: AwsKeys, service: string, region: string, http: () => HttpClient): Authorize {
  let ahead = 0;
  return async ({ method, url, headers, body }, renew) => {
    if (renew) ahead = http().skewMs() ?? 0;
    const signed = await new AwsV4Signer({
      method,
      url: url.href,
      headers: Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith("x-amz-"))),
      body: body === null ? null : new Uint8Array(body),
      accessKeyId: keys.accessKeyId,
      secretAccessKey: keys.secretAccessKey,
      service,
      region,
      datetime: new Date(Date.now() + ahead).toISOString().replace(/[:-]|\.\d{3}/g, ""),
    }).sign();
    return Object.fromEntries(signed.headers);
  };
}
