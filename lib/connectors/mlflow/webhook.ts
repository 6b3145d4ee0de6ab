import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";

/** How old or early a delivery may be. */
const window = 5 * 60_000;

export type Delivery = { id: string | null; timestamp: string | null; signature: string | null; raw: Buffer };

/**
 * Why a delivery of MLflow is not believed, or null when it is: HMAC-SHA256 over `id.timestamp.body` with the secret as it is
 * (mlflow/webhooks/delivery.py), and a timestamp within five minutes. The bytes as they came are verified, never parsed ones.
 */
export function deliveryFault({ id, timestamp, signature, raw }: Delivery, secret: string, now: Date): string | null {
  if (!id || !timestamp || !signature)
    return "The delivery is not signed. Give the webhook in MLflow the secret that this portal made.";
  const at = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) * 1000 : Number.NaN;
  if (!(Math.abs(now.getTime() - at) <= window))
    return "The delivery is older than five minutes, or from a clock that is ahead.";
  const expected = createHmac("sha256", secret)
    .update(Buffer.concat([Buffer.from(`${id}.${timestamp}.`), raw]))
    .digest();
  const given = signature.split(" ").flatMap((s) => (s.startsWith("v1,") ? [Buffer.from(s.slice(3), "base64")] : []));
  return given.some((g) => g.length === expected.length && timingSafeEqual(g, expected))
    ? null
    : "The signature does not match. Is the webhook's secret in MLflow the one that this portal made last?";
}

const body = z.looseObject({
  entity: z.string().max(100),
  action: z.string().max(100),
  data: z.looseObject({ name: z.string().min(1).max(1000) }),
});

/** The model that a delivery speaks of; null for what is no model (prompts, budgets) or cannot be understood. */
export function modelOf(raw: Buffer): string | null {
  let value: unknown;
  try {
    value = JSON.parse(raw.toString("utf8"));
  } catch {
    // A signed body that is no JSON says nothing; the next sweep does.
    return null;
  }
  const parsed = body.safeParse(value);
  if (!parsed.success || !/^(registered_model|model_version)/.test(parsed.data.entity)) return null;
  return parsed.data.data.name;
}

/** What MLflow is told to send. Stage changes and deletions have no event; the sweep finds them. */
export const webhookEvents = [
  { entity: "REGISTERED_MODEL", action: "CREATED" },
  { entity: "MODEL_VERSION", action: "CREATED" },
  { entity: "MODEL_VERSION_TAG", action: "SET" },
  { entity: "MODEL_VERSION_TAG", action: "DELETED" },
  { entity: "MODEL_VERSION_ALIAS", action: "CREATED" },
  { entity: "MODEL_VERSION_ALIAS", action: "DELETED" },
] as const;
