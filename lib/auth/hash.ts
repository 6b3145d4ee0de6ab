import "server-only";
import { createHash } from "node:crypto";

/** SHA-256 of a bearer secret (session cookie, API token). These are 256 random bits, so a plain hash is enough. */
export const hashSecret = (secret: string): Buffer => createHash("sha256").update(secret).digest();
