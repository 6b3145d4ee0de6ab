import type { z } from "zod";
import { UpstreamFault } from "@/lib/connectors/fault";
import type { BadRecord } from "@/lib/connectors/registry";
import { sift } from "@/lib/connectors/sift";
import { codeAlertShape, dependabotAlertShape, type GithubClient, secretAlertShape } from "./client";

export type Alert = { repository: string; severity: string; createdAt: number };
/** What one kind of alert says; `off` where the organisation has not switched it on, which is not the same as none. */
export type Listed = { alerts: Alert[] } | { off: string } | { denied: string };
export type Alerts = { code: Listed; dependabot: Listed; secrets: Listed; bad: BadRecord[] };

/** Every open alert of the organisation, by kind. */
export async function readAlerts(client: GithubClient): Promise<Alerts> {
  const bad: BadRecord[] = [];
  const list = async <S extends z.ZodType>(
    ask: () => Promise<unknown[]>,
    schema: S,
    alertOf: (alert: z.output<S>) => Alert & { number: number },
  ): Promise<Listed> => {
    try {
      const sifted = sift("facts", schema, await ask(), ["number", "html_url"]);
      bad.push(...sifted.bad);
      // A list may give a record twice while it changes.
      const once = new Map(
        sifted.good.map(({ value }) => {
          const alert = alertOf(value);
          return [`${alert.repository} ${alert.number}`, alert];
        }),
      );
      return { alerts: [...once.values()] };
    } catch (error) {
      if (!(error instanceof UpstreamFault)) throw error;
      if (error.kind === "not_found") return { off: error.message };
      if (error.kind === "forbidden") return { denied: error.message };
      throw error;
    }
  };
  const code = await list(client.codeAlerts, codeAlertShape, (a) => ({
    number: a.number,
    repository: a.repository.name,
    severity: a.rule.security_severity_level ?? "none",
    createdAt: Date.parse(a.created_at),
  }));
  const dependabot = await list(client.dependabotAlerts, dependabotAlertShape, (a) => ({
    number: a.number,
    repository: a.repository.name,
    severity: a.security_advisory.severity,
    createdAt: Date.parse(a.created_at),
  }));
  const secrets = await list(client.secretAlerts, secretAlertShape, (a) => ({
    number: a.number,
    repository: a.repository.name,
    severity: "secret",
    createdAt: Date.parse(a.created_at),
  }));
  return { code, dependabot, secrets, bad };
}
