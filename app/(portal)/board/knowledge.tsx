import { ActionForm } from "@/components/ui/action-form";
import { CheckList } from "@/components/ui/field";
import { Section } from "@/components/ui/page";
import { type Row, Table } from "@/components/ui/table";
import { WhyButton } from "@/components/ui/why-button";
import type { readBoard } from "@/lib/board/queries";
import type { Actor } from "@/lib/core/actor";
import { type Seat, seatName } from "@/lib/reviews/review";
import { expertiseName, expertises, maySayExpertise } from "@/lib/reviews/reviewers";
import { sayKnowledgeAction } from "./actions";

type Board = Awaited<ReturnType<typeof readBoard>>;

/** What each member knows: reviewers are suggested by it. */
export function Knowledge({ board, actor }: { board: Board; actor: Actor }) {
  const holders = board.seats.flatMap(({ seat, holders }) => holders.map((h) => ({ ...h, seat })));
  return (
    <Section title="What members know" note="reviewers are suggested by it" id="knowledge">
      <Table
        label="What members know"
        columns={[
          { id: "name", name: "Member", width: 190 },
          { id: "seat", name: "Seat", width: 130 },
          { id: "knows", name: "Knows" },
          { id: "act", name: <span className="sr-only">Say what they know</span>, width: 260 },
        ]}
        rows={holders.map((holder) => row(holder, actor))}
      />
    </Section>
  );
}

type Holder = Board["seats"][number]["holders"][number];

function row(holder: Holder & { seat: Seat }, actor: Actor): Row {
  const known = sentence(holder.knows.map((field) => expertiseName[field]));
  const knows = known || <span className="mut">Nothing is recorded</span>;
  const act = <Say holder={holder} actor={actor} />;
  return {
    id: holder.personId,
    cells: { name: <b className="b">{holder.name}</b>, seat: seatName[holder.seat], knows, act },
    card: (
      <>
        <b className="b">{holder.name}</b> <span className="lbl">{seatName[holder.seat]}</span>
        <div>{knows}</div>
        {act}
      </>
    ),
  };
}

/** "Security, retrieval, agents" */
const sentence = (names: readonly string[]): string =>
  names.map((name, i) => (i === 0 ? name : name.toLowerCase())).join(", ");

function Say({ holder, actor }: { holder: Holder; actor: Actor }) {
  const may = maySayExpertise(actor, { id: holder.personId });
  const what = holder.personId === actor.id ? "Say what you know" : "Say what they know";
  if (!may.ok) return <WhyButton label={what} reason={may.reason} />;
  return (
    <details className="more">
      <summary aria-label={`${what}: ${holder.name}`}>{what}</summary>
      <ActionForm
        key={holder.knows.join()}
        action={sayKnowledgeAction}
        submit="Save"
        tone="outlined"
        hidden={{ person: holder.personId }}
        keep
        label={`What ${holder.name} knows`}
      >
        <CheckList
          name="fields[]"
          label="Fields of expertise"
          options={expertises.map((e) => ({ value: e, label: expertiseName[e] }))}
          defaultValue={holder.knows}
        />
      </ActionForm>
    </details>
  );
}
