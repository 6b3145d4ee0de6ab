import { ItemState } from "@/components/backlog/state";
import { ActionForm } from "@/components/ui/action-form";
import { Empty } from "@/components/ui/empty";
import { SelectField, TextArea, TextField } from "@/components/ui/field";
import Link from "@/components/ui/link";
import { Section } from "@/components/ui/page";
import type { State } from "@/components/ui/states";
import { Status } from "@/components/ui/status";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import { quarterAfter } from "@/lib/backlog/quarter";
import type { Actor } from "@/lib/core/actor";
import { type MilestoneState, mayKeep, milestoneStateName, milestoneStates } from "@/lib/roadmap/milestone";
import type { readRoadmap } from "@/lib/roadmap/queries";
import { addAction, linkAction, moveAction, stateAction } from "./actions";

type Road = Awaited<ReturnType<typeof readRoadmap>>;
type Stone = Road["quarters"][number]["milestones"][number];
type Names = readonly { value: string; label: string }[];

const look: Record<MilestoneState, State> = {
  planned: "proposed",
  started: "in_review",
  reached: "closed",
  dropped: "not_applicable",
};

/** What is to be reached by which quarter, with every move of a date. */
export function Roadmap({ road, actor, phases, people }: { road: Road; actor: Actor; phases: Names; people: Names }) {
  const keeping = mayKeep(actor);
  const next = Array.from({ length: 9 }, (_, i) => quarterAfter(road.today, i)).map((q) => ({ value: q, label: q }));
  return (
    <Section title="Roadmap" note={road.total > 0 ? sayCounts(road) : "By quarter"} id="roadmap">
      {road.quarters.length === 0 ? (
        <Empty title="No milestone is set">
          A milestone says what holds by the end of a quarter, and which debt and capabilities it takes.
        </Empty>
      ) : null}
      {road.quarters.map(({ quarter, milestones }) => (
        <div key={quarter}>
          <h3 className="mono" style={{ marginTop: 20 }}>
            {quarter}
            {quarter === road.today ? ", now" : ""}
          </h3>
          {milestones.map((m) => (
            <StoneEntry key={m.id} stone={m} actor={actor} phases={phases} quarters={next} />
          ))}
        </div>
      ))}
      {keeping.ok ? (
        <details>
          <summary>Add a milestone</summary>
          <div style={{ maxWidth: 560 }}>
            <ActionForm action={addAction} submit="Add" guard label="Add a milestone">
              <TextField name="title" label="Milestone" maxLength={160} />
              <TextArea name="outcome" label="What holds then" rows={2} maxLength={2000} />
              <SelectField name="quarter" label="By the end of" options={next} />
              <SelectField name="phase" label="Phase" optional blank="None" options={phases} />
              <SelectField name="owner" label="Owner" optional blank="Nobody yet" options={people} />
              <Items />
            </ActionForm>
          </div>
        </details>
      ) : (
        <WhyButton label="Add a milestone" reason={keeping.reason} />
      )}
    </Section>
  );
}

const Items = ({ items }: { items?: readonly { ref: string }[] }) => (
  <TextArea
    name="items:lines"
    label="What of the backlog it takes"
    hint="One reference on each line, like DEB-0001 or CAP-0002."
    rows={2}
    optional
    defaultValue={items?.map((i) => i.ref).join("\n")}
  />
);

function sayCounts({ total, moved, late }: Road): string {
  const milestones = `${total} ${total === 1 ? "milestone" : "milestones"}`;
  return `${milestones}, ${moved} moved at least once, ${late} late`;
}

function StoneEntry({
  stone: m,
  actor,
  phases,
  quarters,
}: {
  stone: Stone;
  actor: Actor;
  phases: Names;
  quarters: Names;
}) {
  const phase = phases.find((p) => p.value === m.phase);
  const done = m.items.filter((i) => i.state === "done");
  const points = (items: Stone["items"]) => items.reduce((n, i) => n + i.points, 0);
  return (
    <article className="pt whole" id={m.ref}>
      <div>
        <div className="row w">
          <h4 className="b">{m.title}</h4>
          <span className="lbl mono">{m.ref}</span>
          <span className="sp" />
          {m.late ? <Status state="overdue" word="Late" /> : null}
          <Status state={look[m.state]} word={milestoneStateName[m.state]} />
        </div>
        <p>{m.outcome}</p>
        <p className="lbl">
          {phase ? `${phase.label}. ` : ""}
          {m.owner ?? "Nobody owns it yet"}
          {m.reachedAt ? (
            <>
              , reached <When at={m.reachedAt} />
            </>
          ) : null}
          {m.items.length > 0 ? `. ${points(done)} of ${points(m.items)} points done` : ""}
        </p>
        {m.closedReason ? <p className="ink2">{m.closedReason}</p> : null}
        {m.moves.length > 0 ? (
          <details>
            <summary>
              First said for {m.firstQuarter}, moved {m.moves.length === 1 ? "once" : `${m.moves.length} times`}
            </summary>
            <ol>
              {m.moves.map((v) => (
                <li key={v.at}>
                  <span className="mono">
                    {v.from} to {v.to}
                  </span>{" "}
                  {v.reason}{" "}
                  <span className="lbl">
                    {v.by}, <When at={v.at} />
                  </span>
                </li>
              ))}
            </ol>
          </details>
        ) : null}
        {m.items.map((i) => (
          <div className="row w" key={i.ref}>
            <Link href={`/guidance/backlog/${i.ref}`}>{i.title}</Link>
            <span className="lbl">
              {i.ref}, {i.points} points
            </span>
            <span className="sp" />
            <ItemState state={i.state} />
          </div>
        ))}
        {mayKeep(actor, m).ok ? <Ways stone={m} quarters={quarters} /> : null}
      </div>
    </article>
  );
}

function Ways({ stone: m, quarters }: { stone: Stone; quarters: Names }) {
  const hidden = { ref: m.ref };
  return (
    <details>
      <summary className="lbl">Keep it</summary>
      <div style={{ maxWidth: 480 }}>
        <ActionForm action={moveAction} submit="Move" tone="outlined" hidden={hidden} label={`Move ${m.ref}`}>
          <SelectField name="quarter" label="To the end of" options={quarters.filter((q) => q.value !== m.quarter)} />
          <TextArea name="reason" label="Why it moves" rows={2} maxLength={1000} />
        </ActionForm>
        <ActionForm action={stateAction} submit="Set" tone="outlined" hidden={hidden} label={`State of ${m.ref}`}>
          <SelectField
            name="state"
            label="State"
            options={milestoneStates
              .filter((s) => s !== m.state)
              .map((s) => ({ value: s, label: milestoneStateName[s] }))}
          />
          <TextArea name="reason" label="What shows it" rows={2} maxLength={1000} />
        </ActionForm>
        <ActionForm
          key={m.items.map((i) => i.ref).join()}
          action={linkAction}
          submit="Link"
          tone="outlined"
          keep
          hidden={{ ...hidden, "items[]": "" }}
          label={`Items of ${m.ref}`}
        >
          <Items items={m.items} />
        </ActionForm>
      </div>
    </details>
  );
}
