import { inSentence } from "@/lib/releases/words";
import type { SigningPurpose } from "@/lib/signing/purpose";

/** The parts of a predicate that the opening tells; the lines below it show all of the statement. */
export type Worded = {
  decision?: string;
  reason?: string;
  label?: string;
  evidence?: unknown;
  model?: string;
  outcome?: string;
  statement?: string;
  item?: { id?: string; title?: string };
  attester?: { name?: string };
  decider?: { name?: string; seat?: string; choice?: string };
  review?: string;
  rationale?: string;
  person?: { name?: string };
  approver?: { name?: string; roleName?: string };
  release?: { model?: string; version?: string; environment?: string };
  breakGlass?: { ref?: string; justification?: string };
  requester?: { name?: string };
  confirmer?: { name?: string; roleName?: string };
  passes?: unknown;
  expiresAt?: string;
};

type Part = { text: string; strong: boolean };
type Opening = { parts: readonly Part[]; limits: string };

const plain = (text: string): Part => ({ text, strong: false });
const strong = (text: string | undefined): Part => ({ text: text ?? "", strong: true });
const place = (environment: string | undefined) => strong(environment === "prod" ? "production" : environment);

const openings: Record<SigningPurpose, (p: Worded) => Opening> = {
  enrol: (p) => ({
    parts: [
      plain("I, "),
      strong(p.person?.name),
      plain(", enrol this passkey, "),
      strong(p.label),
      plain(", as my own. What it signs from now on, I have signed."),
    ],
    limits: "Enrolling approves nothing. You can revoke the key at any time; what it signed before stays on record.",
  }),
  attest: (p) => ({
    parts: [
      plain("I, "),
      strong(p.attester?.name),
      plain(", attest that "),
      strong(`${p.item?.id} ${p.item?.title}`),
      plain(
        p.outcome === "fail"
          ? " does not hold for "
          : p.outcome === "not_applicable"
            ? " does not apply to "
            : " holds for ",
      ),
      strong(p.model),
      plain(`: ${p.statement}`),
    ],
    limits: "This is your word about this item and this evidence. It approves no release.",
  }),
  decide: (p) => ({
    parts: [
      plain("I, "),
      strong(p.decider?.name),
      plain(", took part in the board's decision on "),
      strong(`${p.review}, ${p.model}`),
      plain(": "),
      strong(p.outcome),
      plain(p.decider?.choice ? `. My vote: ${inSentence(p.decider.choice)}.` : "."),
      plain(` Reasons: ${p.rationale}`),
    ],
    limits: "This is your word about this decision and what it was about. It approves no release.",
  }),
  break_glass: (p) => ({
    parts: [
      plain("I, "),
      strong(p.confirmer?.name),
      plain(", confirm "),
      strong(p.breakGlass?.ref),
      plain(": the gate lets "),
      strong(`${p.release?.model} ${p.release?.version}`),
      plain(" into "),
      place(p.release?.environment),
      plain(` until ${(p.expiresAt ?? "").slice(0, 16).replace("T", " ")} UTC, past `),
      strong(reasonsIn(p.passes)),
      plain(
        ` that would stop it, as ${inSentence(p.confirmer?.roleName ?? "")}. ${p.requester?.name} asked for it: ${p.breakGlass?.justification}`,
      ),
    ],
    limits:
      "This approves no release. It opens the gate for the digest below and no other, is told to everyone concerned, and is looked at afterwards by someone else.",
  }),
  approve: (p) => ({
    parts: [
      plain("I, "),
      strong(p.approver?.name),
      plain(`, ${p.decision === "REJECT" ? "reject" : "approve"} the release of `),
      strong(`${p.release?.model} ${p.release?.version}`),
      plain(" to "),
      place(p.release?.environment),
      plain(`, as ${inSentence(p.approver?.roleName ?? "")}.`),
      ...(p.reason ? [plain(` Reason: ${p.reason}`)] : []),
    ],
    limits:
      p.decision === "REJECT"
        ? "The rejection closes this request. A new request can be made later."
        : `${known(p)}This covers the digest below and no other, and ends if it changes. It closes no condition and replaces no failing or unknown check.`,
  }),
};

/** The statement's opening, in the signer's words, from the statement's own values, and what signing it does not do. */
export const openingOf = (purpose: SigningPurpose, predicate: Worded): Opening => openings[purpose](predicate);

const reasonsIn = (passes: unknown): string => {
  const n = Array.isArray(passes) ? passes.length : 0;
  return n === 1 ? "one reason" : `${n} reasons`;
};

/** What the signer knows is missing, from the readiness line of the statement itself. */
function known(p: Worded): string {
  const readiness = Array.isArray(p.evidence) ? p.evidence.find((e) => e.name === "readiness")?.summary : null;
  const [, fail, unknown] = /(\d+) fail, \d+ waived, (\d+) unknown/.exec(readiness ?? "") ?? [];
  if (!readiness) return "";
  const count = (n: string | undefined, what: string) =>
    n && n !== "0" ? `${n} ${n === "1" ? "check" : "checks"} ${what}` : "";
  const gaps = [count(fail, "failing"), count(unknown, "unknown")].filter((t) => t !== "").join(" and ");
  return `I have read the readiness result${gaps ? `, and I know that it has ${gaps}` : ""}. `;
}
