import "server-only";
import { config } from "@/lib/config/config";

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

export function hosts(): Hosts {
  const { publicUrl, portalHost, signUrl, signHost, logOrigin } = config();
  return {
    portal: publicUrl,
    name: withoutPort(portalHost),
    sign: signUrl,
    rpId: withoutPort(signHost),
    log: logOrigin,
  };
}

const withoutPort = (host: string) => host.replace(/:\d+$/, "");
