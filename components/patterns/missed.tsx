import { Section } from "@/components/ui/page";
import { Status } from "@/components/ui/status";
import { When } from "@/components/ui/when";
import { type GapState, gapStateName } from "@/lib/patterns/adoption";

type Gap = { id: string; missing: string; state: GapState; answer: string; saidAt: string; saidBy: string };

/** How the state of a gap looks, in one word of the vocabulary. */
export const gapLook = {
  open: "open",
  planned: "answered",
  fits: "closed",
  declined: "closed",
  adopted: "closed",
} as const;

/** What an owner said no pattern allows, and what the architects answered. */
export function Missed({ gaps }: { gaps: readonly Gap[] }) {
  if (gaps.length === 0) return null;
  return (
    <Section title="What was missing">
      <ul className="vs">
        {gaps.map((gap) => (
          <li key={gap.id}>
            <Status state={gapLook[gap.state]} word={gapStateName[gap.state]} /> {gap.missing}{" "}
            <span className="lbl">
              {gap.saidBy}, <When at={gap.saidAt} />
            </span>
            {gap.answer ? <p className="ink2">{gap.answer}</p> : null}
          </li>
        ))}
      </ul>
    </Section>
  );
}
