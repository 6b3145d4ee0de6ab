import { type Fake, type FakeAnswer, pageOf, type Scene, startFake, type Vendor } from "./server";

type Alert = { repository: string; number: number; severity: string; created: number };
/** What the fake organisation holds. Times in ms; a list that is null is not switched on. */
export type GithubScene = {
  organization: string;
  repositories: { name: string; model: string | null; bad?: boolean }[];
  code: Alert[] | null;
  dependabot: Alert[] | null;
  secrets: Alert[] | null;
  deployments: { repository: string; id: number; created: number; state: string }[];
  analyses: { repository: string; created: number }[];
};

const empty: Scene = { models: [], endpoints: [] };
const error = (status: number, message: string): FakeAnswer => ({
  status,
  json: { message, documentation_url: "https://docs.github.com/rest" },
});
const iso = (ms: number) => new Date(ms).toISOString();

/** GitHub's REST API as its documentation has it, with the Link header that leads from page to page. */
export function startFakeGithub(scene: GithubScene, token = "github_pat_x"): Promise<Fake> {
  const vendor: Vendor = {
    authorize: ({ headers }) => (headers.authorization === `Bearer ${token}` ? null : error(401, "Bad credentials")),
    answer: ({ url, headers }, fake) => {
      if (!String(headers.accept).includes("application/vnd.github+json")) return error(415, "Accept is missing");
      const list = <T>(all: readonly T[], render: (item: T) => unknown): FakeAnswer => {
        const size = Number(url.searchParams.get("per_page") ?? 30);
        const { items, next } = pageOf(all, url.searchParams.get("after"), size, fake);
        const onward = new URL(url);
        if (next !== null) onward.searchParams.set("after", next);
        return {
          status: 200,
          json: items.map(render),
          ...(next === null ? {} : { headers: { link: `<${onward}>; rel="next", <${url}>; rel="first"` } }),
        };
      };
      const alerts = (all: Alert[] | null, more: (a: Alert) => object): FakeAnswer =>
        all === null
          ? error(404, "Not Found")
          : list(all, (a) => ({
              number: a.number,
              state: "open",
              created_at: iso(a.created),
              html_url: `https://github.test/${a.repository}/${a.number}`,
              repository: { id: 1, name: a.repository },
              ...more(a),
            }));
      const path = url.pathname;
      const org = `/orgs/${scene.organization}`;
      if (path === `${org}/properties/values`)
        return list(scene.repositories, (r) => ({
          repository_id: 1,
          repository_name: r.bad ? null : r.name,
          properties: [
            { property_name: "team", value: ["a"] },
            { property_name: "countersign_model", value: r.model },
          ],
        }));
      if (path === `${org}/code-scanning/alerts`)
        return alerts(scene.code, (a) => ({ rule: { id: "x", security_severity_level: a.severity } }));
      if (path === `${org}/dependabot/alerts`)
        return alerts(scene.dependabot, (a) => ({ security_advisory: { ghsa_id: "GHSA-x", severity: a.severity } }));
      if (path === `${org}/secret-scanning/alerts`) return alerts(scene.secrets, () => ({ secret_type: "aws" }));
      const at = new RegExp(`^/repos/${scene.organization}/([^/]+)/(.+)$`).exec(path);
      const [, repository = "", rest = ""] = at ?? [];
      if (rest === "deployments")
        return list(
          scene.deployments.filter((d) => d.repository === repository),
          (d) => ({ id: d.id, sha: "x", environment: url.searchParams.get("environment"), created_at: iso(d.created) }),
        );
      const status = /^deployments\/(\d+)\/statuses$/.exec(rest);
      if (status)
        return list(
          scene.deployments.filter((d) => d.id === Number(status[1])),
          (d) => ({ id: 1, state: d.state, created_at: iso(d.created + 60_000) }),
        );
      if (rest === "code-scanning/analyses")
        return list(
          scene.analyses.filter((a) => a.repository === repository),
          (a) => ({ id: 1, created_at: iso(a.created) }),
        );
      return error(404, "Not Found");
    },
    expired: () => error(401, "Bad credentials"),
    denied: () => error(403, "Resource not accessible by personal access token"),
    throttled: error(429, "You have exceeded a secondary rate limit"),
    failed: error(500, "Server Error"),
    nameOf: ({ url }) => url.pathname,
  };
  return startFake(empty, vendor);
}
