import { type Fake, type FakeAnswer, type Scene, startFake, type Vendor } from "./server";

/** What the fake server holds. Times in ms. */
export type EvidentlyScene = {
  projects: { id: string; name: string; bad?: boolean }[];
  reports: { project: string; id: string; at: number; tags: string[]; model: string | null }[];
};

const empty: Scene = { models: [], endpoints: [] };
const error = (status: number, detail: string): FakeAnswer => ({ status, json: { detail } });

/** Evidently 0.7's server, the part of its API that lists (src/evidently/ui/service/api/projects.py). */
export function startFakeEvidently(scene: EvidentlyScene, secret = "s3cret"): Promise<Fake> {
  const vendor: Vendor = {
    authorize: ({ headers }) => (headers["evidently-secret"] === secret ? null : error(401, "Not authorized")),
    answer: ({ url }, fake) => {
      const shuffle = <T>(all: readonly T[]): T[] =>
        fake.shuffled ? [...all].reverse().flatMap((item) => [item, item]) : [...all];
      if (url.pathname === "/api/projects")
        return {
          status: 200,
          json: shuffle(scene.projects).map((p) => ({
            id: p.bad ? 7 : p.id,
            name: p.name,
            description: null,
            dashboard: { panels: [] },
          })),
        };
      const id = /^\/api\/projects\/([^/]+)\/snapshots$/.exec(url.pathname)?.[1];
      if (id === undefined || !scene.projects.some((p) => p.id === id)) return error(404, "Project not found");
      return {
        status: 200,
        json: shuffle(scene.reports.filter((r) => r.project === id)).map((r) => ({
          id: r.id,
          name: null,
          // Without a zone, to the microsecond, as Python writes it.
          timestamp: new Date(r.at).toISOString().replace("Z", "000"),
          metadata: r.model === null ? {} : { model: r.model },
          tags: r.tags,
          links: { datasets: { input: {}, output: null } },
        })),
      };
    },
    expired: () => error(401, "Not authorized"),
    denied: () => error(403, "Not allowed"),
    throttled: error(429, "Too many requests"),
    failed: error(500, "Internal Server Error"),
    nameOf: ({ url }) => url.pathname,
  };
  return startFake(empty, vendor);
}
