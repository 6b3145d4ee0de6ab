import type { BadRecord } from "@/lib/connectors/registry";
import { badRecord } from "@/lib/connectors/sift";
import { notFinite, type Slo } from "@/lib/connectors/slo";
import type { Labels, PrometheusClient, Sample } from "./client";

/** How one tool names its recording rules. */
type Convention = {
  tool: string;
  objective: string;
  /** What is recorded, and what share of it is good. */
  measure: string;
  good: (value: number) => number;
  window: string;
  /** In the window's own unit. */
  days: (value: number) => number;
  /** Labels that tell one SLO from another. */
  id: readonly string[];
  service: readonly string[];
  name: string;
};

const conventions: readonly Convention[] = [
  {
    tool: "Sloth",
    objective: "slo:objective:ratio",
    measure: '{__name__=~"slo:sli_error:ratio_rate(7|28|30|90)d"}',
    good: (errors) => 1 - errors,
    window: "slo:time_period:days",
    days: (days) => days,
    id: ["sloth_id"],
    service: ["sloth_service"],
    name: "sloth_slo",
  },
  {
    tool: "Pyrra",
    objective: "pyrra_objective",
    measure: "pyrra_availability",
    good: (share) => share,
    window: "pyrra_window",
    days: (seconds) => seconds / 86_400,
    id: ["namespace", "slo"],
    service: ["service", "slo"],
    name: "slo",
  },
];

/** Looks back so far for definitions, and for what they say. */
const defined = "7d";
const told = "2d";

/** SLOs that recording rules of Sloth and Pyrra keep (connectors.md section 5.3), as of `now`. */
export async function sloRules(client: PrometheusClient, modelLabel: string, now: Date) {
  const slos: Slo[] = [];
  const bad: BadRecord[] = [];
  for (const c of conventions) {
    const objectives = await client.query(`last_over_time(${c.objective}[${defined}])`, now);
    if (objectives.length === 0) continue;
    const asked = `last_over_time(${c.measure}[${told}])`;
    const [values, times, windows] = await Promise.all([
      client.query(asked, now),
      client.query(`max_over_time(timestamp(${c.measure})[${told}:5m])`, now),
      client.query(`last_over_time(${c.window}[${defined}])`, now),
    ]);
    const idOf = (labels: Labels) => c.id.map((l) => labels[l] ?? "").join("/");
    const days = new Map(windows.map((w) => [idOf(w.labels), c.days(w.value)]));
    // Sloth records several windows of one SLO under several names: the one of its period counts.
    const ofWindow = (s: Sample) => {
      const window = /^(\d+)d$/.exec(s.labels.sloth_window ?? "")?.[1];
      return window === undefined || Number(window) === (days.get(idOf(s.labels)) ?? 30);
    };
    const valueAt = new Map(values.filter(ofWindow).map((v) => [idOf(v.labels), v]));
    const timeOf = new Map(times.filter(ofWindow).map((v) => [idOf(v.labels), v.value]));
    for (const o of objectives) {
      const id = idOf(o.labels);
      const name = o.labels[c.name];
      const service = c.service.map((l) => o.labels[l]).find((v) => v);
      if (!name || !service || !(o.value > 0 && o.value <= 1)) {
        bad.push(
          badRecord("facts", id === "" ? null : id, `${c.tool}: an objective needs its labels and a ratio up to 1`, o),
        );
        continue;
      }
      const value = valueAt.get(id);
      if (value && !Number.isFinite(value.value)) bad.push(notFinite(id, value.text, value));
      const at = timeOf.get(id);
      slos.push({
        service: service.slice(0, 500),
        declared: o.labels[modelLabel] || null,
        name,
        objective: o.value,
        windowDays: days.get(id) ?? 30,
        attainment: value && Number.isFinite(value.value) ? c.good(value.value) : null,
        at: at === undefined || !Number.isFinite(at) ? null : new Date(at * 1000),
        policy: null,
        definedIn: null,
        asked,
      });
    }
  }
  return { slos, bad };
}
