/** One negative case: where the check that refuses it is named by a test, and what of it has no subject in the product yet. */
export type NegativeCase = {
  number: number;
  wording: string;
  tests: readonly { file: string; title: string }[];
  /** Why there is nothing to test yet; with tests, what they leave open. */
  open?: string;
};

/** The files that hold them. */
const dsse = "lib/signing/dsse.test.ts";
const webauthn = "lib/signing/webauthn.test.ts";
const bundle = "lib/bundle/verify.test.ts";
const refused = "lib/bundle/refused.test.ts";
const interop = "lib/bundle/interop.live.test.ts";
const answer = "lib/releases/verify-answer.test.ts";
const release = "lib/releases/release.db.test.ts";
const keys = "lib/credentials/refused.db.test.ts";
const oidc = "lib/auth/oidc.db.test.ts";
const policy = "content/policies/prod-release/v1.test.yaml";
const merkle = "lib/log/merkle.test.ts";
const verifyLog = "lib/log/verify-log.test.ts";
const sequencer = "lib/log/sequencer.db.test.ts";
const tiles = "lib/log/http.db.test.ts";
const auditor = "bin/commands/log-verify.db.test.ts";

type Places = Readonly<Record<string, readonly string[]>>;
const one = (number: number, wording: string, places: Places, open?: string): NegativeCase => ({
  number,
  wording,
  tests: Object.entries(places).flatMap(([file, titles]) => titles.map((title) => ({ file, title }))),
  ...(open ? { open } : {}),
});

const proofs =
  "39-44: inclusion proofs verify, and not for another leaf, index, size, root, nor with a hash changed, added or left out";
const consistency = "45, 46: consistency proofs verify, and not for a fork, a rollback or a changed hash";
const enrolment = "13, 25, 26: an enrolment is signed by the new key itself, in DER, with the person verified";
const foreignKey = "26: another person's passkey does not sign on one's link, under its own id or under a borrowed one";
const forkAndStranger =
  "45, 47: a fork under the log's own key is not the log that was kept, and a stranger's checkpoint is not the log's";
const noRotation =
  "The portal's keys are never retired or marked as compromised: no command does it, and a verifier knows only the keys that it pinned.";
const noTimeStamps = "The portal asks no time-stamping authority yet, so there is no token to forge.";

/**
 * The register of the 62 negative cases of signing.md section 7, in its order. A unit test holds it to the truth: every number once, every
 * named test where the register says it is, and every numbered test in those files registered.
 */
export const negativeCases: readonly NegativeCase[] = [
  // Statements and envelopes
  one(1, "one payload byte flipped", {
    [dsse]: ["1: no byte of the payload is free to change"],
    [refused]: ["1: one byte of the answer's payload flipped"],
    [bundle]: ["no byte of a bundle is free to change"],
    [answer]: ["1: one payload byte flipped"],
  }),
  one(2, "payloadType swapped", {
    [dsse]: ["2: another payload type is refused, and would not verify"],
    [refused]: ["2: the payload type swapped"],
    [answer]: ["2: another payload type"],
  }),
  one(3, "keyid of another key", {
    [dsse]: ["3: the key id of another key is refused"],
    [refused]: ["3: the key id of another key"],
    [answer]: ["3: another key"],
  }),
  one(4, "subject digest swapped", {
    [dsse]: ["4: another subject digest is refused"],
    [refused]: ["4: an answer about another artefact", "4: an approval of another artefact"],
  }),
  one(5, "right signature, wrong predicateType", {
    [bundle]: ["5: a denial in place of an allow"],
    [refused]: ["5: an approval with the predicate type of a receipt", "5: an approval of another portal"],
  }),
  one(6, "duplicate JSON keys in the payload", {
    [dsse]: ["6: the same key twice in one object of the payload is refused"],
    [bundle]: ["6: a statement with a key twice is refused even when it is properly signed"],
    [answer]: ["6: the same JSON key twice"],
  }),
  one(7, "two signatures in a bundle", {
    [dsse]: ["7: two signatures in one envelope are refused"],
    [refused]: ["7: two signatures in one envelope"],
    [answer]: ["7: two signatures"],
  }),
  one(8, "a denial presented as a summary", {
    [answer]: ["8: a denial presented as an allow"],
    [interop]: ["8: a denial does not pass for an allow with cosign"],
    [bundle]: ["5: a denial in place of an allow"],
  }),
  one(9, "a FAILED summary", { [bundle]: ["9: a failed summary"], [answer]: ["9: a FAILED summary"] }),
  one(10, "a summary for another environment, resource or verifier", {
    [bundle]: ["10: an answer about another environment", "10: an answer by another verifier"],
    [answer]: ["10, 11: another %s", "10: another %s"],
  }),
  one(11, "a summary that expired, or for another nonce", {
    [answer]: ["10, 11: another %s", "11: an expired one"],
  }),
  one(12, "inputAttestations lacks one", {
    [bundle]: ["12: an input that is not listed"],
    [answer]: ["12: one without the attestations it rests on"],
  }),

  // Passkeys
  one(13, "no user verification, also where ssh-keygen accepts it", {
    [webauthn]: ["13: an answer without user verification fails"],
    [bundle]: ["13: no user verification"],
    [refused]: ["13: no user verification when the key was enrolled"],
    [interop]: ["13: ssh-keygen accepts an answer without user verification; ours does not"],
    [keys]: [enrolment],
  }),
  one(14, "wrong rpId", { [webauthn]: ["14: wrong relying party"], [bundle]: ["14: another relying party"] }),
  one(15, "wrong origin", { [webauthn]: ["15: wrong origin"], [bundle]: ["15: another origin"] }),
  one(16, "crossOrigin true, or a topOrigin", {
    [webauthn]: ["16: inside another page", "16: with a top origin"],
    [refused]: ["16: signed inside another page", "16: with a top origin"],
  }),
  one(17, "an assertion replayed on another statement", {
    [webauthn]: ["17, 19: an answer for another statement, or a sign-in, is not an approval of this one"],
    [bundle]: ["17: an approval signed by no approver"],
    [refused]: ["17: made for another statement"],
    [release]: ["an answer for another statement is refused"],
  }),
  one(18, "type webauthn.create", {
    [webauthn]: ["18: of a registration"],
    [refused]: ["18: of a registration"],
  }),
  one(19, "a sign-in offered as an approval", {
    [webauthn]: ["17, 19: an answer for another statement, or a sign-in, is not an approval of this one"],
    [refused]: ["19: a sign-in"],
    [keys]: ["19: a sign-in"],
  }),
  one(20, "a flag bit flipped", {
    [webauthn]: ["20: every flag bit is under the signature"],
    [refused]: ["20: a flag bit flipped after signing", "20: user verification claimed after signing"],
    [keys]: ["20: a flag bit flipped after signing"],
  }),
  one(21, "challenge twice in the client data", {
    [webauthn]: ["21: a key twice in the client data"],
    [refused]: ["21: a challenge twice"],
    [keys]: ["21: a challenge twice"],
  }),
  one(22, "backup eligibility changed since enrolment", {
    [webauthn]: ["22: a key that became a synced one", "22: backed up, though not eligible"],
    [refused]: ["22: backup eligible, unlike at enrolment"],
    [keys]: ["22: backup eligible, unlike at enrolment"],
  }),
  one(23, "flag of attested data, or trailing bytes", {
    [webauthn]: ["23: with attested data", "23: with trailing bytes"],
    [refused]: ["23: with the flag of attested data", "23: with trailing bytes"],
    [keys]: ["23: trailing bytes"],
  }),
  one(24, "an Ed25519 or RSA key", {
    [webauthn]: ["24: an Ed25519 passkey and an RSA key fail"],
    [refused]: ["24: an Ed25519 key", "24: an RSA key"],
    [keys]: ["24: a passkey that is not ECDSA P-256 cannot be enrolled, one that is can"],
  }),
  one(25, "raw r‖s in place of DER", {
    [webauthn]: ["25: a raw r‖s signature is not accepted for DER"],
    [refused]: ["25: r‖s in place of DER"],
    [keys]: [enrolment],
  }),
  one(26, "another user's credential", {
    [webauthn]: ["26: another person's key fails"],
    [bundle]: ["26: a key of another person", "26, 31: the requester's own approval"],
    [refused]: ["26: signed by another key", "26: another approver's enrolled key in the place of one's own"],
    [keys]: [enrolment, foreignKey],
  }),

  // People and policy
  one(
    27,
    "a revoked approver, before and after the leaf",
    {
      [keys]: ["27: a key revoked before it signs is refused at the signature, and cannot even open a link afterwards"],
    },
    "A bundle carries no revocations: the signing page and the gate refuse; offline only the log tells.",
  ),
  one(28, "a key enrolled after the approval", { [bundle]: ["28: a key enrolled after the approval"] }),
  one(
    29,
    "a roster that the root did not sign, or with one signature too few",
    {},
    "There is no roster: administrators grant roles through logged commands, without the signatures of a governance root.",
  ),
  one(
    30,
    "a role removed before the approval",
    {
      [keys]: ["30: a role that was taken away on record before the signature is refused, as read at the request"],
      [release]: ["a role taken away between preparing and signing is refused"],
    },
    "Offline nobody can tell who held a role when, for want of a roster (29).",
  ),
  one(31, "the approver is the author, also through a second account of the same identity", {
    [bundle]: ["26, 31: the requester's own approval"],
    [refused]: ["31: the trainer's own approval"],
    [release]: ["the requester cannot approve, and neither can the trainer"],
    [oidc]: ["an invited person is found by address, and keeps the account when the address changes"],
  }),
  one(32, "one person in two roles where distinct persons are required", {
    [policy]: [
      "One person in two roles does not fill both places of tier 2",
      "One person in two roles leaves a place of tier 1 empty",
    ],
    [bundle]: ["33: one person with two keys"],
  }),
  one(33, "one person counted twice with two keys", {
    [policy]: ["One person with two keys counts once"],
    [bundle]: ["33: one person with two keys"],
    [release]: ["a second key of the same person does not make a second signature"],
  }),
  one(34, "an approval that expired", {
    [bundle]: ["34: an expired approval"],
    [policy]: ["An expired signature does not count"],
    [release]: ["an approval ends"],
  }),
  one(35, "an approval under an older policy, or of other evidence", {
    [bundle]: ["35: other evidence", "35: another policy"],
    [policy]: ["The policy changed after the request", "A signature over an earlier form of the request is stale"],
  }),
  one(36, "a rejection after an approval", {
    [bundle]: ["36: a rejection"],
    [policy]: ["A rejection stands against any number of approvals"],
    [release]: ["a rejection after an approval by the same person closes the request"],
  }),
  one(37, "a key of too low a tier for production", {
    [policy]: ["A software key is too weak outside the demo"],
    [refused]: ["37: a software key counts only where the pinned keys are a demo's"],
  }),
  one(
    38,
    "an identity token with a wrong nonce or audience, or by a key that was never archived",
    {},
    "Nobody approves with an identity token: there is no such tier of keys.",
  ),

  // The log
  one(39, "a leaf removed", {
    [merkle]: [proofs],
    [verifyLog]: ["39: an entry removed in the middle", "39: the tail cut off shows"],
    [auditor]: ["39: a leaf removed"],
    [bundle]: ["39: an approval left out"],
    [refused]: ["39: a tree that lacks a leaf"],
  }),
  one(40, "a leaf edited", {
    [merkle]: [proofs],
    [verifyLog]: ["40: an entry edited"],
    [auditor]: ["40, 49: a byte of a tile changed", "40: an entry that a superuser edited behind the triggers shows"],
    [refused]: ["40: a tree with an edited leaf"],
  }),
  one(41, "two leaves swapped", {
    [merkle]: [proofs],
    [verifyLog]: ["41: two entries swapped"],
    [auditor]: ["41: two leaves swapped"],
    [refused]: ["41: a tree with two leaves swapped"],
  }),
  one(42, "a hash of a proof zeroed", { [merkle]: [proofs], [bundle]: ["42: a proof hash zeroed"] }),
  one(43, "a wrong index", { [merkle]: [proofs], [bundle]: ["43: a wrong index"] }),
  one(44, "the proof of another leaf", { [merkle]: [proofs], [bundle]: ["44: the proof of another leaf"] }),
  one(45, "a fork with a valid signature of the log", {
    [merkle]: [consistency],
    [auditor]: [forkAndStranger],
    [refused]: ["45: a fork of the same size"],
  }),
  one(46, "a rollback to an older checkpoint", {
    [merkle]: [consistency],
    [auditor]: ["46: a log that was rolled back behind the kept checkpoint shows"],
    [refused]: ["46: an older tree"],
  }),
  one(47, "a checkpoint by an unknown key, or the right name with a wrong key id", {
    [verifyLog]: [
      "47: a checkpoint signed by another key under the right key id",
      "47: the right name, but the key id of another key",
      "47: a checkpoint of another log",
    ],
    [auditor]: [forkAndStranger],
    [refused]: ["47: a trust root for cosign that holds a further log beside the pinned one"],
    [bundle]: [
      "47: keys are pinned from outside: another portal's or log's key fails, however well the bundle is made",
      "47: a checkpoint of another log, signed by its own key",
    ],
  }),
  one(
    48,
    "a cosignature forged, or the quorum not met",
    { [verifyLog]: ["48: lines of witnesses are tolerated and count for nothing"] },
    "The log has no witnesses yet, and says so; no cosignature counts, so there is no quorum to miss.",
  ),
  one(
    49,
    "a tile tampered with",
    {
      [auditor]: ["40, 49: a byte of a tile changed"],
      [tiles]: ["49, 50: a tile that was tampered with or cut short shows"],
    },
    "No verifier is built with Go here, so there is no old x/mod to keep out.",
  ),
  one(50, "an entry bundle cut short", {
    [auditor]: ["50: an entry bundle cut short"],
    [tiles]: ["49, 50: a tile that was tampered with or cut short shows"],
  }),
  one(51, "the root of the empty tree", {
    [merkle]: ["51: the empty tree has the root of RFC 6962 and holds no leaf"],
    [verifyLog]: ["51: an empty log has the empty root and no other, and is no beginning of a log that is not empty"],
    [refused]: ["51: the empty tree"],
  }),
  one(52, "a receipt handed out, then the transaction rolled back", {
    [sequencer]: ["52: a command that is rolled back leaves no entry, no index and no receipt"],
  }),
  one(53, "a database restored from a backup", {
    [sequencer]: ["53: a database restored from before the last signed checkpoint is not signed for"],
  }),
  one(54, "two integrators at once", { [sequencer]: ["54: two integrators at once make one log"] }),
  one(55, "a crash between commit and checkpoint", {
    [sequencer]: ["55: a crash between the commit of leaves and their checkpoint is mended at the next start"],
  }),

  // Time and keys
  one(
    56,
    "the clock set back: the order of the log is still right",
    { [sequencer]: ["56: a clock that was set back, or another replica's, does not change the order"] },
    "There is no time but the portal's own to compare with, for want of a time-stamping authority (57).",
  ),
  one(57, "a time stamp over other data", {}, noTimeStamps),
  one(58, "a time-stamping certificate without its critical purpose", {}, noTimeStamps),
  one(59, "a portal key retired before the leaf", {}, noRotation),
  one(60, "a key marked as compromised since a leaf", {}, noRotation),
  one(61, "a bundle verified five years later, with no network", {
    [refused]: [
      "61: years later and without a network the bundle holds as on the first day, and a changed one does not",
    ],
  }),
  one(62, "a part too many or missing", {
    [bundle]: ["62: a missing document", "62: one document too many"],
  }),
];
