import "server-only";
import { randomBytes } from "node:crypto";

/** A new API token: `cs_` and 256 random bits in base64url. Scanners for leaked secrets know it by its prefix. */
export const newToken = (): string => `cs_${randomBytes(32).toString("base64url")}`;

/** What lists show of a token. */
export const prefixOf = (token: string): string => token.slice(0, 10);
