import type { Line } from "@/lib/releases/statement-lines";

/** A link to the signing page and what it must show. */
export type Opened = {
  url: string;
  token: string;
  code: string;
  paeSha256: string;
  keyKind: "passkey" | "software";
  kid: string;
  lines: readonly Line[];
  bytes: number;
};

/** What the panel "Your signature is asked" shows after its form was sent. */
export type SigningState = {
  status: "idle" | "opened" | "refused" | "done";
  message: string;
  opened: Opened | null;
};
