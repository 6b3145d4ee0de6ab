import type { Role } from "@/lib/core/rights";
import { policyUri, type ReleaseFacts, requestUri } from "@/lib/releases/statements";
import type { Hosts } from "@/lib/signing/hosts";
import { type Built, build, nonce } from "@/lib/signing/statement";
import type { Passed } from "./break-glass";

/** What both statements say: which artefact, which release, who asked, why, and past what. */
export type GlassFacts = {
  id: string;
  ref: string;
  release: ReleaseFacts;
  releaseSha256: string;
  requester: { id: string; name: string };
  justification: string;
  hours: number;
  passes: readonly Passed[];
};

const subjects = ({ release }: GlassFacts) => [{ name: `${release.model}@${release.version}`, digest: release.digest }];
const common = (hosts: Hosts, g: GlassFacts) => ({
  release: { model: g.release.model, version: g.release.version, environment: g.release.environment },
  gate: {
    id: g.release.policy.id,
    policy: { uri: policyUri(hosts, g.release.policy), digest: { sha256: g.release.policy.digest } },
  },
  request: { uri: requestUri(hosts, g.release.ref), digest: { sha256: g.releaseSha256 } },
  requester: { id: `user:${g.requester.id}`, name: g.requester.name },
  passes: g.passes.map((r) => `${r.code}: ${r.text}`),
});

/** What is asked for and why; the portal signs it on the requester's behalf, and the confirmation names its digest. */
export const requestedStatement = (hosts: Hosts, g: GlassFacts, requestedAt: Date): Built =>
  build(`https://${hosts.name}/attestation/break-glass-request/v1`, subjects(g), {
    breakGlassId: g.id,
    breakGlass: { ref: g.ref, justification: g.justification },
    hours: g.hours,
    ...common(hosts, g),
    requestedAt: requestedAt.toISOString(),
    nonce: nonce(),
  });

/** What the second person's own key signs; it ends at an instant that the signature covers. */
export const confirmedStatement = (
  hosts: Hosts,
  g: GlassFacts,
  by: {
    requestedSha256: string;
    confirmer: { id: string; name: string; role: Role; roleName: string; kid: string };
    issuedAt: Date;
    expiresAt: Date;
  },
): Built =>
  build(`https://${hosts.name}/attestation/break-glass/v1`, subjects(g), {
    breakGlassId: g.id,
    breakGlass: { ref: g.ref, justification: g.justification, digest: { sha256: by.requestedSha256 } },
    ...common(hosts, g),
    confirmer: {
      id: `user:${by.confirmer.id}`,
      name: by.confirmer.name,
      role: by.confirmer.role,
      roleName: by.confirmer.roleName,
      credential: by.confirmer.kid,
    },
    issuedAt: by.issuedAt.toISOString(),
    expiresAt: by.expiresAt.toISOString(),
    nonce: nonce(),
  });
