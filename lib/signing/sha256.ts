import { hash } from "node:crypto";

/** SHA-256 in Node (one-shot `crypto.hash`: a quarter faster than a hash object for short input). The browser uses WebCrypto. */
export const sha256 = (data: Uint8Array): Buffer => hash("sha256", data, "buffer");

export const sha256Hex = (data: Uint8Array): string => hash("sha256", data, "hex");
