/** What the hosts of a portal are called; from the configuration. Ports do not count: a proxy before us may change them. */
export type Hosts = { portalHost: string; signHost: string; logHost: string; publicUrl: string };

export type Route =
  /** Serve the path as it is. */
  | { kind: "serve"; site: "portal" | "sign" | "log" | "any" }
  | { kind: "rewrite"; site: "log"; path: string }
  /** Answer with a sentence. No redirect: Next shortens a Location that names the portal to a path, which would lead in a circle. */
  | { kind: "tell"; status: 200 | 404 | 421; sentence: string };

/** Answered under any name: a probe asks by address. */
const forAnyone = new Set(["/api/health", "/api/ready", "/api/metrics"]);

/**
 * Which of the three sites a request means, and whether that site has such a path. The portal never serves the signing page and
 * the signing origin serves nothing else, so that no script of one ever runs in the other. No authority is decided here.
 */
export function routeOf(hosts: Hosts, hostHeader: string | null, path: string): Route {
  if (forAnyone.has(path)) return { kind: "serve", site: "any" };
  const host = nameOf(hostHeader ?? "");
  if (host === nameOf(hosts.signHost)) {
    if (under(path, "/sign") || under(path, "/api/sign") || under(path, "/_next"))
      return { kind: "serve", site: "sign" };
    return tell(404, `This host only serves pages to sign on. The portal is at ${hosts.publicUrl}.`);
  }
  if (host === nameOf(hosts.logHost)) {
    if (path === "/")
      return tell(200, `This is a public log; /checkpoint is its head. People read it at ${hosts.publicUrl}/log.`);
    if (under(path, "/.well-known") || under(path, "/_next")) return { kind: "serve", site: "log" };
    return { kind: "rewrite", site: "log", path: under(path, "/api/log") ? path : `/api/log${path}` };
  }
  const portal = nameOf(hosts.portalHost);
  if (host === portal || (loopback.has(portal) && loopback.has(host))) {
    if (under(path, "/sign") || under(path, "/api/sign"))
      return tell(404, "Signing happens on a host of its own; follow the link on the release.");
    return { kind: "serve", site: "portal" };
  }
  return tell(
    421,
    `Nothing is served under this name. The portal is at ${hosts.publicUrl}; set PUBLIC_URL if it should be called otherwise.`,
  );
}

const loopback = new Set(["localhost", "127.0.0.1", "[::1]"]);

const tell = (status: 200 | 404 | 421, sentence: string): Route => ({ kind: "tell", status, sentence });

const under = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

/** Host header to name: lower case, without port and the final dot of an absolute name. */
const nameOf = (host: string): string => host.toLowerCase().replace(/:\d+$/, "").replace(/\.$/, "");
