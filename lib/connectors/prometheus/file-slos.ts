import { UpstreamFault } from "@/lib/connectors/fault";
import type { BadRecord } from "@/lib/connectors/registry";
import { badRecord } from "@/lib/connectors/sift";
import { notFinite, type Slo } from "@/lib/connectors/slo";
import type { PrometheusClient } from "./client";
import { type FileSlo, inWindow } from "./slo-files";

/** What SLOs that only a file defines say: their own queries over their window, as of `now`. */
export async function measured(
  client: PrometheusClient,
  definitions: readonly (FileSlo & Pick<Slo, "definedIn">)[],
  now: Date,
) {
  const slos: Slo[] = [];
  const bad: BadRecord[] = [];
  for (const d of definitions) {
    const asked = inWindow(d, `${Math.max(1, Math.round(d.windowDays))}d`);
    const { query: _, ...slo } = d;
    const base = { ...slo, asked };
    try {
      const [value] = await client.query(asked, now);
      // Whether anything was told within the last day, and with it the time of what is said.
      const [lately] = await client.query(inWindow(d, "24h"), now);
      const fresh = lately !== undefined && Number.isFinite(lately.value);
      if (value && !Number.isFinite(value.value)) bad.push(notFinite(`${d.service}/${d.name}`, value.text, value));
      slos.push({
        ...base,
        attainment: value && Number.isFinite(value.value) ? value.value : null,
        at: fresh ? now : null,
      });
    } catch (error) {
      // One query that Prometheus does not understand is that definition's fault.
      if (!(error instanceof UpstreamFault) || error.kind !== "rejected") throw error;
      bad.push(badRecord("facts", `${d.service}/${d.name}`, error.message, { query: asked }));
      slos.push({ ...base, attainment: null, at: null });
    }
  }
  return { slos, bad };
}
