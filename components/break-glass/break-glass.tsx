import { ActionForm } from "@/components/ui/action-form";
import type { DeedAction } from "@/components/ui/deed";
import { NumberField, TextArea } from "@/components/ui/field";
import Link from "@/components/ui/link";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import { type GlassState, mayRequestGlass, type ToBreak } from "@/lib/break-glass/break-glass";
import type { Actor } from "@/lib/core/actor";
import { GlassStatus } from "./glass-state";

/** On the page of a release: what was broken for it, and how to ask for it. */
export function BreakGlass({
  actor,
  release,
  ask,
}: {
  actor: Actor;
  release: {
    ref: string;
    breakGlass: readonly { id: string; ref: string; state: GlassState; overdue: boolean; requestedAt: string }[];
    toBreak: ToBreak;
  };
  ask: DeedAction;
}) {
  const may = mayRequestGlass(actor, release.toBreak);
  const longest = release.toBreak.maximumHours;
  return (
    <>
      <div className="h" style={{ marginTop: 32 }}>
        <h2>Break-glass</h2>
      </div>
      {release.breakGlass.length > 0 ? (
        <ul className="tl">
          {release.breakGlass.map((g) => (
            <li key={g.id}>
              <GlassStatus state={g.state} overdue={g.overdue} />
              <Link href={`/releases/break-glass/${g.ref}`}>{g.ref}</Link>
              <span className="lbl">
                <When at={g.requestedAt} />
              </span>
            </li>
          ))}
        </ul>
      ) : null}
      <p className="lbl" style={{ margin: "8px 0" }}>
        In an emergency two people open the gate for this artefact, for at most {longest}{" "}
        {longest === 1 ? "hour" : "hours"}. Everyone concerned is told, and someone else looks at it within two business
        days.
      </p>
      {may.ok ? (
        <details>
          <summary>Break the glass</summary>
          <ActionForm
            action={ask}
            submit="Ask a second person"
            tone="outlined"
            hidden={{ release: release.ref }}
            label="Break the glass"
          >
            <TextArea
              name="justification"
              label="What is wrong, and why can it not wait?"
              hint="Everyone who is told reads it, and it is signed."
              minLength={30}
              maxLength={4000}
            />
            <NumberField name="hours:number" label="For how many hours?" min={1} max={longest} defaultValue={1} />
          </ActionForm>
        </details>
      ) : (
        <WhyButton label="Break the glass" reason={may.reason} />
      )}
    </>
  );
}
