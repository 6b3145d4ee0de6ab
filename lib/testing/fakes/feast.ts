import { type Fake, type FakeAnswer, type Scene, startFake, type Vendor } from "./server";

/** What the fake registry holds. Times in ms. */
export type FeastScene = {
  project: string;
  services: { name: string; owner: string; tags: Record<string, string>; views: string[]; bad?: boolean }[];
  views: {
    name: string;
    owner: string;
    online: boolean;
    /** Seconds; 0: none. */
    ttl: number;
    materialized: number[];
    bad?: boolean;
  }[];
};

const empty: Scene = { models: [], endpoints: [] };
const error = (status: number, detail: string, error_type: string): FakeAnswer => ({
  status,
  json: { status_code: status, detail, error_type },
});
const iso = (ms: number) => new Date(ms).toISOString();
/** Protobuf's JSON leaves out what is empty. */
const filled = (fields: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(fields).filter(([, v]) => v !== "" && v !== false && v !== null));

/**
 * The REST API of Feast's registry server, as a real Feast 0.67.0 answered on 2026-11-21 (feast serve_registry --rest-api). It is
 * recorded rather than run: Feast takes four minutes and 600 MB to install, and with the newest FastAPI its server does not start.
 */
export function startFakeFeast(scene: FeastScene, token = "feast-token"): Promise<Fake> {
  const vendor: Vendor = {
    authorize: ({ headers }) =>
      headers.authorization === `Bearer ${token}`
        ? null
        : error(
            401,
            headers.authorization ? "Invalid or expired access token" : "Missing authentication token",
            "HTTPException",
          ),
    answer: ({ url }, fake) => {
      const path = url.pathname.replace(/^\/api\/v1/, "");
      const query = (name: string) => url.searchParams.get(name);
      const list = <T>(name: string, all: readonly T[], render: (item: T) => unknown): FakeAnswer => {
        const asked = Number(query("limit") ?? 50);
        if (asked > 100) return error(422, "Input should be less than or equal to 100", "RequestValidationError");
        if (query("project") !== scene.project) return { status: 200, json: { [name]: [], pagination: {} } };
        const limit = Math.min(asked, fake.pageSize);
        const given = fake.shuffled ? [...all].reverse().flatMap((item) => [item, item]) : all;
        const page = Number(query("page")) - (fake.emptyPages ? 1 : 0);
        const items = given.slice(Math.max(0, page - 1) * limit, page * limit);
        const more = page * limit < given.length;
        const pagination = { page, limit, totalCount: given.length, ...(more ? { hasNext: true } : {}) };
        return { status: 200, json: { [name]: items.map(render), pagination } };
      };
      if (path === `/projects/${scene.project}`) return { status: 200, json: { spec: { name: scene.project } } };
      if (path === "/feature_services")
        return list("featureServices", scene.services, (s) => ({
          spec: filled({
            name: s.bad ? 7 : s.name,
            owner: s.owner,
            tags: s.tags,
            features: s.views.map((featureViewName) => ({
              featureViewName,
              featureColumns: [{ name: "f", valueType: "FLOAT" }],
              viewType: featureViewName.startsWith("on_demand") ? "onDemandFeatureView" : "featureView",
            })),
          }),
          meta: { createdTimestamp: iso(0) },
        }));
      if (path === "/feature_views")
        return list("featureViews", scene.views, (v) => ({
          type: "featureView",
          spec: filled({
            name: v.name,
            entities: ["card"],
            owner: v.owner,
            online: v.online,
            ttl: v.bad ? "a day" : v.ttl > 0 ? `${v.ttl}s` : "",
          }),
          meta: filled({
            createdTimestamp: iso(0),
            materializationIntervals:
              v.materialized.length > 0
                ? v.materialized.map((end) => ({ startTime: iso(end - 3_600_000), endTime: iso(end) }))
                : null,
          }),
        }));
      return error(404, `${path} does not exist`, "FeastObjectNotFoundException");
    },
    expired: () => error(401, "Invalid or expired access token", "HTTPException"),
    denied: () => error(403, "Permission error", "FeastPermissionError"),
    throttled: error(429, "Too many requests", "HTTPException"),
    failed: error(500, "Internal server error", "InternalServerError"),
    nameOf: ({ url }) => url.pathname,
  };
  return startFake(empty, vendor);
}
