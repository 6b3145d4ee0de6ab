import { z } from "zod";
import { type Actor, holds } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";

/** Largest picture, bytes. */
export const maxImageBytes = 5 * 1024 * 1024;
/** Longest side, pixels: a small file can unpack to a picture that fills a reader's memory. */
export const maxImageSide = 8192;

export const imageTypes = ["image/png", "image/jpeg", "image/webp", "image/gif"] as const;
export type ImageType = (typeof imageTypes)[number];

/** Where a picture of ours is, by the digest of its bytes; the only address that a Markdown text can show. */
export const imagePath = (sha256: string): string => `/api/v1/images/${sha256}`;
export const ourImage = /^\/api\/v1\/images\/[0-9a-f]{64}$/;

const digest = z.string().regex(/^[0-9a-f]{64}$/, "Give the picture's SHA-256, 64 hex digits.");
export const ImageRead = z.strictObject({ sha256: digest });

export const ImageUpload = z.strictObject({
  sha256: digest,
  name: z.string().trim().max(200, "At most 200 characters."),
  mediaType: z.enum(imageTypes),
  size: z.number().int().min(1).max(maxImageBytes),
  width: z.number().int().min(1).max(maxImageSide),
  height: z.number().int().min(1).max(maxImageSide),
});

/** Whoever writes texts adds pictures to them. */
export function mayAddImage(actor: Actor): Verdict {
  const writes = (["decisions:write", "reviews:submit", "reviews:comment", "patterns:manage"] as const).some((right) =>
    holds(actor, right),
  );
  return writes
    ? yes
    : no("forbidden", "Pictures are added by people who write decisions, reviews or guidance. Ask an administrator.");
}

/** The texts of the portal are read with one of these; a picture is found only by the digest that a text names. */
export function mayReadImage(actor: Actor): Verdict {
  return holds(actor, "decisions:read") || holds(actor, "reviews:read") || holds(actor, "inventory:read")
    ? yes
    : no("forbidden", "You need a role to read texts and their pictures. Ask an administrator for one.");
}
