/** The names under which the portal is known. They are in statements and in passkeys, so they are chosen once (signing.md section 2). */
export type Hosts = {
  /** Origin of the portal, without a slash at the end: https://countersign.example. */
  portal: string;
  /** Host name without port: namespace of approvals and of predicate types. */
  name: string;
  /** Origin of the signing page; its host name is the passkeys' relying party id. */
  sign: string;
  rpId: string;
  /** Origin of the log, in the sense of its checkpoints: a bare host name. */
  log: string;
};

/** Derived from PUBLIC_URL: `sign.` and `log.` before its host. */
export function hostsOf(publicUrl: string): Hosts {
  const url = new URL(publicUrl);
  return {
    portal: url.origin,
    name: url.hostname,
    sign: `${url.protocol}//sign.${url.host}`,
    rpId: `sign.${url.hostname}`,
    log: `log.${url.hostname}`,
  };
}

export const hosts = (): Hosts => hostsOf(process.env.PUBLIC_URL || `http://localhost:${process.env.PORT ?? 3000}`);
