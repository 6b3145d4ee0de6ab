import { type Fake, type FakeAnswer, type FakeRequest, pageOf, type Scene, startFake, type Vendor } from "./server";

/** What the fake instance holds. Times in ms. */
export type ServiceNowScene = {
  services: { id: string; name: string; comments: string; group: string | null; bad?: boolean }[];
  rosters: { id: string; rota: string; group: string; order: number }[];
  spans: { group: string; roster: string; type: string; user: string | null; start: number; end: number }[];
  incidents: {
    id: string;
    service: string;
    priority: number;
    state: number;
    opened: number;
    resolved: number | null;
    bad?: boolean;
  }[];
  /** Null: On-Call Scheduling is not active. */
  calendar?: null;
  /** Leaves the filter of incidents out, as ServiceNow does with what it does not understand. */
  forgetful?: boolean;
};

const empty: Scene = { models: [], endpoints: [] };
const error = (status: number, message: string): FakeAnswer => ({
  status,
  json: { error: { message, detail: null }, status: "failure" },
});
const stamp = (ms: number | null) => (ms === null ? "" : new Date(ms).toISOString().slice(0, 19).replace("T", " "));
export const serviceNowKeys = { user: "countersign", password: "s3cret", token: "t0ken" };

/** ServiceNow's Table API and the calendar of On-Call Scheduling, as its documentation and its own scripts have them. */
export function startFakeServiceNow(scene: ServiceNowScene): Promise<Fake> {
  const { user, password, token } = serviceNowKeys;
  const basic = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
  const isToken = ({ url }: FakeRequest) => url.pathname === "/oauth_token.do";
  const vendor: Vendor = {
    authorize: (request) =>
      isToken(request) || [basic, `Bearer ${token}`].includes(String(request.headers.authorization))
        ? null
        : error(401, "User Not Authenticated"),
    answer: (request, fake) => {
      const { url, body } = request;
      if (isToken(request)) {
        const form = new URLSearchParams(body);
        return form.get("client_id") === user && form.get("client_secret") === password
          ? { status: 200, json: { access_token: token, token_type: "Bearer", expires_in: 1799, scope: "useraccount" } }
          : { status: 401, json: { error: "access_denied", error_description: "invalid client" } };
      }
      const list = <T>(all: readonly T[]): FakeAnswer => {
        const offset = url.searchParams.get("sysparm_offset");
        const { items, next } = pageOf(
          all,
          offset === null ? null : `at-${offset}`,
          Number(url.searchParams.get("sysparm_limit") ?? 10_000),
          fake,
        );
        const after = new URL(url);
        after.searchParams.set("sysparm_offset", next?.slice(3) ?? "");
        return { status: 200, json: { result: items }, headers: next ? { link: `<${after.href}>;rel="next"` } : {} };
      };
      const query = url.searchParams.get("sysparm_query") ?? "";
      const among = (name: string) => new RegExp(`${name}IN([^^]*)`).exec(query)?.[1]?.split(",") ?? [];
      switch (url.pathname) {
        case "/api/now/table/cmdb_ci_service":
          return list(
            scene.services.map((s) => ({
              sys_id: s.id,
              name: s.bad ? "" : s.name,
              comments: s.comments,
              support_group: s.group ?? "",
            })),
          );
        case "/api/now/table/cmn_rota_roster":
          return list(
            scene.rosters
              .filter((r) => among("group").includes(r.group))
              .map((r) => ({ sys_id: r.id, rota: r.rota, order: String(r.order) })),
          );
        case "/api/now/table/incident": {
          const since = Date.parse(`${/opened_at>=([\d-]+ [\d:]+)/.exec(query)?.[1]?.replace(" ", "T")}Z`);
          return list(
            scene.incidents
              .filter((i) => scene.forgetful || (among("business_service").includes(i.service) && i.opened >= since))
              .map((i) => ({
                sys_id: i.id,
                opened_at: i.bad ? "yesterday" : stamp(i.opened),
                resolved_at: stamp(i.resolved),
                closed_at: "",
                state: String(i.state),
                priority: String(i.priority),
                business_service: i.service,
                cmdb_ci: "",
              })),
          );
        }
        case "/api/now/on_call_rota/spans":
          if (scene.calendar === null)
            return error(404, "Requested URI does not represent any resource: /now/on_call_rota/spans");
          return list(
            scene.spans
              .filter((s) => s.group === url.searchParams.get("group_ids"))
              .map((s) => ({
                start: stamp(s.start),
                end: stamp(s.end),
                type: s.type,
                user_id: s.user,
                roster_id: s.roster,
                title: "On call",
              })),
          );
        default:
          return error(400, `Invalid table ${url.pathname}`);
      }
    },
    expired: () => error(401, "User Not Authenticated"),
    denied: () => error(403, "Operation against file was aborted by Business Rule or ACL"),
    throttled: error(429, "Rate limit exceeded"),
    failed: error(500, "Transaction cancelled: maximum execution time exceeded"),
    nameOf: ({ url }) => url.pathname,
    spared: isToken,
  };
  return startFake(empty, vendor);
}
