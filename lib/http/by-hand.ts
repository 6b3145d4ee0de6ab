import { z } from "zod";
import { envelope } from "@/lib/cdevents/cdevent";
import { bom } from "@/lib/scans/cyclonedx";
import { sarif } from "@/lib/scans/sarif";
import { formats, maxScanBytes, scanAddress } from "@/lib/scans/scan";

/** A route of the REST API that is no operation, because of the form in which it takes its body. */
export type ByHand = {
  operationId: string;
  summary: string;
  description: string;
  path: string;
  /** What stands in the address. */
  query: z.ZodObject;
  body: { types: readonly string[]; schema: z.ZodType };
  answers: Readonly<Record<number, { means: string; schema: z.ZodType }>>;
};

const finding = z.object({ key: z.string(), value: z.union([z.string(), z.number(), z.boolean()]) });

/** Described by the schemas that read them, for OpenAPI. */
export const byHand: readonly ByHand[] = [
  {
    operationId: "scan.recorded",
    summary: "Upload a scanner's report",
    description: `SARIF 2.1.0, or CycloneDX JSON 1.4 to 1.7 with vulnerabilities, at most ${maxScanBytes / 1024 / 1024} MB. What a later scan of the same tool and category does not find any more is closed.`,
    path: "/scans",
    query: scanAddress,
    body: {
      types: ["application/json", "application/sarif+json", "application/vnd.cyclonedx+json"],
      schema: z.union([sarif, bom]),
    },
    answers: {
      201: {
        means: "Recorded",
        schema: z.object({
          model: z.string(),
          format: z.enum(formats),
          scans: z.array(
            z.object({
              tool: z.string(),
              open: z.number().int(),
              opened: z.number().int(),
              closed: z.number().int(),
              late: z.boolean(),
            }),
          ),
          facts: z.array(finding),
        }),
      },
    },
  },
  {
    operationId: "cdevent.taken",
    summary: "Send a CDEvent",
    description:
      "Alone or as a CloudEvent, binary or structured. service.deployed, service.upgraded and service.rolledback are deployments, testsuiterun.finished says whether the evaluation set passed, incident.detected and incident.reported open an incident of the subject's id, incident.resolved ends it. The model is named by customData {model, version} or by an artifactId as in pkg:mlflow/card-fraud-score@7; customData.severity of an incident is 1 (worst) to 4, left out 3. Source and id tell an event apart: one that comes again changes nothing.",
    path: "/cdevents",
    query: z.strictObject({}),
    body: { types: ["application/json", "application/cloudevents+json"], schema: envelope },
    answers: {
      201: {
        means: "Recorded",
        schema: z.object({
          type: z.string(),
          recorded: z.enum(["deployment", "evaluation", "incident", "end of an incident"]),
          result: z.record(z.string(), z.unknown()),
        }),
      },
      202: {
        means: "Nothing is recorded for it, and why",
        schema: z.object({ type: z.string(), ignored: z.string() }),
      },
    },
  },
];
