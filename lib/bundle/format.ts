import { z } from "zod";
import { envelopeSchema } from "@/lib/signing/dsse";

/** Name and version of the release bundle. A change of shape is a new version. */
export const bundleFormat = "countersign/bundle/v1";

const bytes = z.string().max(20_000_000);
const short = z.string().max(8192);
const hash = z.string().length(44);

/** Where a signature stands in the log: its leaf's exact bytes and the inclusion proof to the bundle's one checkpoint. Base64. */
const logged = z.strictObject({
  index: z.number().int().nonnegative(),
  leaf: z.string().max(90_000),
  hashes: z.array(hash).max(60),
});
export type Logged = z.output<typeof logged>;

/** A statement signed by the portal's statement key. */
const portalSigned = z.strictObject({ envelope: envelopeSchema, logged });

/** A person's signature: a passkey's assertion, or a DSSE envelope by the software key of a demo persona. */
const personSignature = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("passkey"),
    authenticatorData: short,
    clientDataJson: short,
    signature: short,
    logged,
  }),
  z.strictObject({
    kind: z.literal("software"),
    /** Says what it is, in every bundle. */
    note: z.literal("software key (demo)"),
    envelope: envelopeSchema,
    logged,
  }),
]);
export type PersonSignature = z.output<typeof personSignature>;

/** An approver's key as it was enrolled. */
const credential = z.strictObject({
  kid: short,
  spki: short,
  rpId: short.nullable(),
  origin: short.nullable(),
  backupEligible: z.boolean().nullable(),
});
export type BundleCredential = z.output<typeof credential>;

const approval = z.strictObject({
  /** Exact statement bytes, base64. */
  statement: bytes,
  signature: personSignature,
  credential,
  enrolment: z.strictObject({ statement: bytes, signature: personSignature }),
});
export type BundleApproval = z.output<typeof approval>;

/** A document that the request pins, exact bytes in base64; `digest` is their SHA-256 in hex. */
const document = z.strictObject({ name: short, digest: z.string().length(64), bytes });

const contents = {
  format: z.literal(bundleFormat),
  /** Reference of the release, e.g. REL-0412. */
  release: short,
  exportedAt: z.iso.datetime(),
  /** Host name of the portal (namespace of approvals) and origin of its log. */
  portal: z.strictObject({ host: short, logOrigin: short }),
  trust: z.strictObject({ statementKey: short, logVkey: short, trustedRoot: z.unknown() }),
  checkpoint: short,
  request: portalSigned,
  approvals: z.array(approval).min(1).max(50),
  documents: z.array(document).max(50),
  /** The gate's allow: a SLSA verification summary, also as a Sigstore bundle for cosign. */
  answer: z.strictObject({ ...portalSigned.shape, sigstore: z.unknown() }),
};

/** Everything but the seal; what the seal's subject digest is of, as compact JSON. */
export const contentsSchema = z.strictObject(contents);
export type Contents = z.output<typeof contentsSchema>;

export const bundleSchema = z.strictObject({ ...contents, seal: envelopeSchema });
export type Bundle = z.output<typeof bundleSchema>;

/** The one spelling of a bundle: compact JSON in the order in which it was written. */
export const encode = (value: unknown): string => JSON.stringify(value);

/** Predicate types that the portal at `host` uses. */
export const predicateTypes = (host: string) => ({
  request: `https://${host}/attestation/release-request/v1`,
  approval: `https://${host}/attestation/approval/v1`,
  enrolment: `https://${host}/attestation/key-enrolment/v1`,
  seal: `https://${host}/attestation/bundle-seal/v1`,
  summary: "https://slsa.dev/verification_summary/v1",
});

const sha256 = z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/) });
const evidence = z.array(z.looseObject({ name: z.string(), digest: sha256 }));
const gate = z.looseObject({ id: z.string(), policy: z.strictObject({ uri: z.string(), digest: sha256 }) });
const release = z.strictObject({ model: z.string(), version: z.string(), environment: z.string() });

/** The parts of each predicate that verification reads; the rest is signed and shown, not judged. */
export const requestPredicate = z.looseObject({
  ref: z.string(),
  release,
  requester: z.looseObject({ id: z.string() }),
  trainer: z.looseObject({ id: z.string() }).optional(),
  gate,
  evidence,
});
export const approvalPredicate = z.looseObject({
  decision: z.enum(["APPROVE", "REJECT"]),
  release,
  gate,
  approver: z.looseObject({ id: z.string(), role: z.string(), credential: z.string() }),
  request: z.strictObject({ uri: z.string(), digest: sha256 }),
  evidence,
  issuedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});
export const enrolmentPredicate = z.looseObject({
  person: z.looseObject({ id: z.string() }),
  kind: z.enum(["passkey", "software"]),
  credential: z.string(),
  spki: z.string(),
  rpId: z.string().optional(),
  backupEligible: z.boolean().optional(),
});
export const summaryPredicate = z.looseObject({
  verifier: z.looseObject({ id: z.string() }),
  timeVerified: z.iso.datetime(),
  resourceUri: z.string(),
  policy: z.strictObject({ uri: z.string(), digest: sha256 }),
  inputAttestations: z.array(z.strictObject({ uri: z.string(), digest: sha256 })),
  verificationResult: z.string(),
});
