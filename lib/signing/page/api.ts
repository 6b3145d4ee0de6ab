import type { SigningPurpose } from "@/lib/signing/purpose";

/** What the signing page asks and is told; shared by its script and its server side. Byte strings are base64url, the payload base64. */
export type PageFacts = {
  purpose: SigningPurpose;
  person: { name: string };
  /** Host name that separates approvals from everything else a key may sign. */
  host: string;
  rpId: string;
  payload: string;
  key: { id: string; kid: string; label: string; enrolledAt: string } | null;
  creation: { challenge: string; userId: string; userName: string; label: string } | null;
  back: string;
  about: string;
};

export type PageStep =
  | { step: "key"; id: string; clientDataJSON: string; attestationObject: string }
  | { step: "sign"; assertion: { id: string; clientDataJSON: string; authenticatorData: string; signature: string } }
  | { step: "decline"; reason: string };

/** Answer to `key`: the statement that the new key signs next. Answer to the others: what to say at the end. */
export type StepAnswer = { payload?: string; credentialId?: string; done?: string };
