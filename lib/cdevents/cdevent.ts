import { z } from "zod";
import { Refusal } from "@/lib/core/refusal";

const text = z.string().min(1).max(500);
/** A CDEvent, 0.4 to 0.5 (cdevents.dev): the part of the envelope that counts here; everything else is let through. */
export const envelope = z.looseObject({
  context: z
    .looseObject({
      id: z.string().min(1).max(200),
      source: z.string().min(1).max(1000),
      type: z
        .string()
        .regex(/^dev\.cdevents\.[a-z]+\.[a-z]+\.\d+\.\d+\.\d+/, "A type as in dev.cdevents.service.deployed.0.2.0."),
      timestamp: z.iso.datetime({ offset: true, error: "An instant as in 2026-11-20T09:30:00Z." }),
      /** `specversion` since 0.5, `version` before. */
      specversion: z.string().max(20).optional(),
      version: z.string().max(20).optional(),
    })
    .refine((c) => /^0\.[45]\./.test(c.specversion ?? c.version ?? ""), {
      path: ["specversion"],
      error: "CDEvents 0.4 and 0.5 are understood.",
    }),
  subject: z.looseObject({
    id: text,
    content: z
      .looseObject({
        environment: z.looseObject({ id: z.string().max(200) }).optional(),
        artifactId: z.string().max(1000).optional(),
        outcome: z.string().max(50).optional(),
        description: z.string().max(10_000).optional(),
      })
      .default({}),
  }),
  customData: z.unknown().optional(),
});
const named = z.looseObject({
  model: text,
  version: text.optional(),
  /** Of an incident: 1 (worst) to 4. */
  severity: z.number().int().min(1).max(4).optional(),
});

export type CdEvent = {
  id: string;
  source: string;
  /** Without its prefix and version, e.g. service.deployed. */
  type: string;
  at: string;
  model: string | null;
  version: string | null;
  environment: string | null;
  outcome: string | null;
  /** What the event is about, as its sender calls it. */
  subject: string;
  description: string | null;
  severity: number | null;
};

/** Reads an event as it came, alone or in the `data` of a structured CloudEvent. Throws `invalid` with the place of what is wrong. */
export function parseCdEvent(value: unknown): CdEvent {
  const wrapped = z.looseObject({ specversion: z.string(), data: z.unknown() }).safeParse(value);
  const parsed = envelope.safeParse(wrapped.success ? wrapped.data.data : value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = issue?.path.join(".") ?? "";
    throw new Refusal("invalid", `The body is no CDEvent: ${field || "as a whole"}: ${issue?.message}`, [
      { field, message: issue?.message ?? "" },
    ]);
  }
  const { context, subject, customData } = parsed.data;
  const custom = named.safeParse(customData);
  const purl = modelOfPurl(subject.content.artifactId ?? "");
  return {
    id: context.id,
    source: context.source,
    type: context.type.split(".").slice(2, 4).join("."),
    at: new Date(context.timestamp).toISOString(),
    model: custom.success ? custom.data.model : (purl?.model ?? null),
    version: custom.success ? (custom.data.version ?? purl?.version ?? null) : (purl?.version ?? null),
    environment: subject.content.environment?.id ?? null,
    outcome: subject.content.outcome ?? null,
    subject: subject.id,
    description: subject.content.description?.trim() || null,
    severity: custom.success ? (custom.data.severity ?? null) : null,
  };
}

/** `pkg:mlflow/card-fraud-score@7?…` names a model and its version (package-url, type mlflow). */
function modelOfPurl(purl: string): { model: string; version: string } | null {
  const match = /^pkg:mlflow\/([^@?#]+)@([^?#]+)/.exec(purl);
  if (!match) return null;
  try {
    return { model: decodeURIComponent(match[1] ?? ""), version: decodeURIComponent(match[2] ?? "") };
  } catch {
    return null;
  }
}

const environmentOf: Readonly<Record<string, string>> = { production: "prod", stage: "staging", development: "dev" };

/** What an event asks to be recorded; `ignored` says why nothing is. */
export type Meaning =
  | {
      what: "deployment";
      input: { name: string; version: string; environment: string; since: string; kind?: "rollback" };
    }
  | {
      what: "evaluation";
      input: {
        facts: { model: string; version: string; key: string; value: boolean; effectiveAt: string }[];
        run: string;
      };
    }
  | {
      what: "incident";
      input: {
        model: string;
        title: string;
        severity: number;
        startedAt: string;
        external: { source: string; id: string };
      };
    }
  | { what: "end of an incident"; model: string; external: { source: string; id: string }; resolvedAt: string }
  | { what: "ignored"; why: string };

/** Severity of an incident whose sender does not say how bad it is. */
const unsaid = 3;

/** The deployment, test run or incident that an event tells of. */
export function meaningOf(event: CdEvent): Meaning {
  const { model, version } = event;
  if (event.type.startsWith("incident.")) return incidentOf(event);
  const deploys = ["service.deployed", "service.upgraded", "service.rolledback"].includes(event.type);
  const tests = event.type === "testsuiterun.finished";
  if (!deploys && !tests)
    return {
      what: "ignored",
      why: `Nothing is recorded for ${event.type}: deployments of services, finished test suites and incidents are.`,
    };
  if (model === null || version === null)
    return {
      what: "ignored",
      why: 'It names no model: give customData {"model": …, "version": …}, or an artifactId as in pkg:mlflow/card-fraud-score@7.',
    };
  if (deploys) {
    if (event.environment === null) return { what: "ignored", why: "It names no environment." };
    const id = event.environment.split("/").at(-1) ?? "";
    return {
      what: "deployment",
      input: {
        name: model,
        version,
        environment: environmentOf[id] ?? id,
        since: event.at,
        ...(event.type === "service.rolledback" ? { kind: "rollback" as const } : {}),
      },
    };
  }
  const passed = ["pass", "success"].includes(event.outcome ?? "");
  if (!passed && !["fail", "failure", "error", "cancel"].includes(event.outcome ?? ""))
    return { what: "ignored", why: "It says nothing of how the test suite ended." };
  return {
    what: "evaluation",
    input: {
      facts: [{ model, version, key: "eval.suite_passed", value: passed, effectiveAt: event.at }],
      run: event.id,
    },
  };
}

/** A detected or reported incident is one; which of the two comes first opens it. Its subject's id tells it apart from others of its source. */
function incidentOf(event: CdEvent): Meaning {
  const { type, model } = event;
  if (!["incident.detected", "incident.reported", "incident.resolved"].includes(type))
    return { what: "ignored", why: `Nothing is recorded for ${type}.` };
  if (model === null)
    return {
      what: "ignored",
      why: 'It names no model: give customData {"model": …}, or an artifactId as in pkg:mlflow/card-fraud-score@7.',
    };
  const id = event.environment?.split("/").at(-1) ?? "prod";
  const environment = environmentOf[id] ?? id;
  if (environment !== "prod")
    return { what: "ignored", why: `It is about ${environment}; incidents of production count.` };
  const external = { source: event.source, id: event.subject };
  if (type === "incident.resolved") return { what: "end of an incident", model, external, resolvedAt: event.at };
  const title = event.description?.split("\n")[0]?.trim() ?? "";
  return {
    what: "incident",
    input: {
      model,
      title: (title.length >= 5 ? title : `Incident ${event.subject} of ${event.source}`).slice(0, 200),
      severity: event.severity ?? unsaid,
      startedAt: event.at,
      external,
    },
  };
}
