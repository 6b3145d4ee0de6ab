import "server-only";
import { once } from "@/lib/connectors/phases";
import { countOf, prober } from "@/lib/connectors/probe";
import type { BadRecord, Tested } from "@/lib/connectors/registry";
import { sift } from "@/lib/connectors/sift";
import type { Observation, Source, SubjectPage } from "@/lib/connectors/source";
import { clip } from "@/lib/connectors/text";
import { type FeastClient, feastClient, grants, serviceShape, type View, viewShape } from "./client";
import { feastSettings } from "./kind";

/** A server's clock may be so far ahead. */
const aheadMs = 300_000;

/** Feast: what the feature services of a model read, and how fresh it is. The token is the number of the page. */
export const feast: Source = {
  open: (target, _files, limits) => {
    const { project, modelTag } = feastSettings.parse(target.settings);
    const client = feastClient(target, project, limits);
    const views = once(() => readViews(client));
    return {
      test: () => test(client, project),
      read: ({ token, size, now }) => read(client, modelTag, views, Number(token ?? 1), size, now),
      close: client.close,
    };
  },
};

type Views = { byName: ReadonlyMap<string, View>; bad: BadRecord[] };

async function readViews(client: FeastClient): Promise<Views> {
  const { good, bad } = sift("facts", viewShape, await client.views(), ["name"]);
  return { byName: new Map(good.map(({ value }) => [value.spec.name, value])), bad };
}

async function read(
  client: FeastClient,
  modelTag: string,
  views: () => Promise<Views>,
  page: number,
  size: number,
  now: Date,
): Promise<SubjectPage> {
  const { records, next } = await client.services(page, size);
  const { good, bad } = sift("facts", serviceShape, records, ["name"]);
  const { byName, bad: unreadable } = await views();
  const services = [...new Map(good.map(({ value }) => [value.spec.name, value.spec])).values()];
  return {
    subjects: services.map((s) => ({
      subject: s.name,
      declared: clip(s.tags[modelTag]?.trim() ?? "", 250) || null,
      observations: told(
        s.name,
        Boolean(s.owner),
        s.features.filter((f) => !computed.test(f.viewType ?? "")).map((f) => byName.get(f.featureViewName) ?? null),
        now,
      ),
    })),
    bad: page === 1 ? [...unreadable, ...bad] : bad,
    next,
    unread: [],
  };
}

/** Views that are computed on request or fed by a stream are not materialised. */
const computed = /^(onDemand|stream)FeatureView$/i;

/** Of a service with a view that cannot be read, nothing is said that needs all of them. */
function told(name: string, owned: boolean, views: readonly (View | null)[], now: Date): Observation[] {
  const effectiveAt = now.toISOString();
  const known = views.filter((v) => v !== null);
  const one = (key: string, value: Observation["value"], detail: string, at = effectiveAt): Observation => ({
    key,
    value,
    effectiveAt: at,
    detail: clip(`${detail} of feature service ${name}`, 2000),
  });
  const out = [one("features.views", views.length, "feature views")];
  if (known.length < views.length || views.length === 0) return out;
  const off = known.filter((v) => !v.spec.online);
  const unowned = known.filter((v) => !v.spec.owner);
  out.push(
    one("features.owned", owned && unowned.length === 0, `owners of the views${listed(unowned, "without one")}`),
    one("features.online", off.length === 0, `online store${listed(off, "not in it")}`),
  );
  const served = known.filter((v) => v.spec.online);
  const last = served.map((v) => ({ view: v, at: lastOf(v) }));
  const times = last.flatMap(({ at }) => (at === null ? [] : [at]));
  const lying = times.filter((at) => at > now.getTime() + aheadMs);
  if (times.length === served.length && times.length > 0) {
    const oldest = new Date(lying[0] ?? Math.min(...times)).toISOString();
    out.push(one("features.materialized_at", oldest, "oldest of the last materialisations", oldest));
  }
  // A view that was materialised up to tomorrow is not fresh; nobody knows what it is.
  if (lying.length > 0 || served.length === 0) return out;
  const stale = last
    .filter(({ view, at }) => at === null || (view.spec.ttl > 0 && at < now.getTime() - view.spec.ttl * 1000))
    .map(({ view }) => view);
  out.push(one("features.views_stale", stale.length, `age allowed${listed(stale, "older")}`));
  return out;
}

const lastOf = (v: View): number | null => {
  const ends = (v.meta?.materializationIntervals ?? []).map((i) => Date.parse(i.endTime));
  return ends.length > 0 ? Math.max(...ends) : null;
};

const listed = (views: readonly View[], what: string): string =>
  views.length === 0 ? "" : ` (${what}: ${views.map((v) => v.spec.name).join(", ")})`;

async function test(client: FeastClient, project: string): Promise<Tested> {
  const { attempt, answer } = prober();
  let services = 0;
  let more = false;
  const there = await attempt("Read the project", grants.project, async () => {
    await client.project();
    return project;
  });
  if (there) {
    await attempt("List feature services", grants.services, async () => {
      const page = await client.services(1, 100);
      services = page.records.length;
      more = page.next !== null;
      return countOf(services, more, "feature service");
    });
    await attempt("List feature views", grants.views, async () =>
      countOf((await client.views()).length, false, "feature view"),
    );
  }
  return answer(`Feast project ${project} with ${countOf(services, more, "feature service")}.`, {
    skewMs: client.skewMs(),
  });
}
