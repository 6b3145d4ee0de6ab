import { ActionForm } from "@/components/ui/action-form";
import { Empty } from "@/components/ui/empty";
import { DateField, SelectField, TextField } from "@/components/ui/field";
import { Section } from "@/components/ui/page";
import { Status } from "@/components/ui/status";
import { type Row, Table } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import { mayEndDelegation, mayNameDelegate } from "@/lib/board/delegate";
import type { readBoard } from "@/lib/board/queries";
import type { Actor } from "@/lib/core/actor";
import { seatName } from "@/lib/reviews/review";
import { endDelegationAction, nameDelegateAction } from "./actions";

type Board = Awaited<ReturnType<typeof readBoard>>;

/** Delegations that stand or are to come, and the form that names one. */
export function Delegates({
  board,
  actor,
  people,
}: {
  board: Board;
  actor: Actor;
  people: readonly { id: string; name: string; title: string }[];
}) {
  const holders = board.seats.flatMap(({ seat, holders }) => holders.map((h) => ({ ...h, seat })));
  const mine = holders.filter(
    (h) => mayNameDelegate(actor, { id: h.personId, name: h.name, seat: h.seat, standsFor: null }).ok,
  );
  const own = holders.find((h) => h.personId === actor.id);
  const cannot = mayNameDelegate(actor, {
    id: actor.id,
    name: "You",
    seat: own?.seat ?? null,
    standsFor: board.delegations.find((d) => d.now && d.delegateId === actor.id)?.member ?? null,
  });
  return (
    <Section title="Delegates" id="delegates">
      <Table
        label="Delegates"
        columns={[
          { id: "delegate", name: "Delegate" },
          { id: "member", name: "Stands in for" },
          { id: "days", name: "Days", width: 190 },
          { id: "why", name: "Reason" },
          { id: "state", name: "State", width: 110 },
          { id: "act", name: <span className="sr-only">Take back</span>, width: 120 },
        ]}
        empty={
          <Empty title="Nobody stands in for anyone">
            A member who will be away names a delegate here, so that the board keeps its quorum.
          </Empty>
        }
        rows={board.delegations.map((d) => row(d, actor))}
      />
      <div style={{ marginTop: 16, maxWidth: 560 }}>
        {mine.length > 0 ? (
          <details className="more">
            <summary>Name a delegate</summary>
            <ActionForm action={nameDelegateAction} submit="Name the delegate" guard label="Name a delegate">
              {mine.length > 1 || mine[0]?.personId !== actor.id ? (
                <SelectField
                  name="member"
                  label="Whose seat"
                  defaultValue={own?.personId}
                  options={mine.map((h) => ({
                    value: h.personId,
                    label: `${h.name}, ${seatName[h.seat].toLowerCase()}`,
                  }))}
                />
              ) : null}
              <SelectField
                name="delegate"
                label="Delegate"
                hint="Someone without a seat of their own."
                options={people
                  .filter((p) => !holders.some((h) => h.personId === p.id))
                  .map((p) => ({ value: p.id, label: p.title ? `${p.name}, ${p.title.toLowerCase()}` : p.name }))}
              />
              <DateField name="from" label="First day" defaultValue={board.today} min={board.today} />
              <DateField name="until" label="Last day" min={board.today} />
              <TextField name="reason" label="Reason" maxLength={500} hint="For example: on leave" />
            </ActionForm>
          </details>
        ) : cannot.ok ? null : (
          <WhyButton label="Name a delegate" reason={cannot.reason} />
        )}
      </div>
    </Section>
  );
}

function row(d: Board["delegations"][number], actor: Actor): Row {
  const days = (
    <>
      <When at={d.from} show="day" /> to <When at={d.until} show="day" />
    </>
  );
  const state = d.now ? <Status state="pass" word="Sits now" /> : <Status state="open" word="To come" />;
  const may = mayEndDelegation(actor, {
    memberId: d.memberId,
    member: d.member,
    endedAt: null,
    untilOn: d.until,
  });
  const act = may.ok ? (
    <ActionForm
      action={endDelegationAction}
      submit="Take back"
      tone="act"
      hidden={{ delegation: d.id }}
      label={`Take the seat of ${d.member} back`}
      confirm={{
        title: "Take the seat back?",
        text: `${d.delegate} will no longer vote for ${d.member}. Votes already cast stand.`,
        yes: "Take back",
      }}
    />
  ) : null;
  return {
    id: d.id,
    cells: { delegate: d.delegate, member: d.member, days, why: d.reason, state, act },
    card: (
      <>
        <div className="row">
          <span>
            <b className="b">{d.delegate}</b> for {d.member}
          </span>
          <span className="sp" />
          {state}
        </div>
        <div className="lbl">
          {days}. {d.reason}
        </div>
        {act}
      </>
    ),
  };
}
