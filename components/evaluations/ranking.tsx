import { Notice } from "@/components/ui/notice";
import { Table } from "@/components/ui/table";
import { type Option, optionKindName } from "@/lib/evaluations/evaluation";
import type { Flip, Ranking } from "@/lib/evaluations/ranking";

type Criterion = { id: string; title: string };

const two = (x: number): string => x.toFixed(2);
const nameIn = (options: readonly Option[], key: string): string => options.find((o) => o.key === key)?.name ?? key;
const titleIn = (criteria: readonly Criterion[], id: string): string => criteria.find((c) => c.id === id)?.title ?? id;

/** The result in a sentence, then every option; an unknown score makes a range of its option, and the result is open. */
export function RankingView({
  ranking,
  options,
  criteria,
}: {
  ranking: Ranking;
  options: readonly Option[];
  criteria: readonly Criterion[];
}) {
  return (
    <>
      <Notice tone={ranking.complete ? "info" : "care"}>{sayRanking(ranking, options)}</Notice>
      <Table
        label="Options by weighted score"
        columns={[
          { id: "option", name: "Option" },
          { id: "kind", name: "Kind" },
          { id: "score", name: "Weighted score, 1 to 5", num: true },
          { id: "unknown", name: "Not known yet" },
        ]}
        rows={ranking.options.map((o) => {
          const option = options.find((other) => other.key === o.key);
          const score = o.score === null ? `${two(o.low)} to ${two(o.high)}` : two(o.score);
          const unknown = o.unknown.map((id) => titleIn(criteria, id)).join(", ") || "nothing";
          return {
            id: o.key,
            cells: {
              option: (
                <>
                  <b>{option?.name}</b>
                  {option?.note ? <div className="lbl">{option.note}</div> : null}
                </>
              ),
              kind: option ? optionKindName[option.kind] : null,
              score: o.score === null ? <span className="hatch">{score}</span> : score,
              unknown,
            },
            card: (
              <>
                <div className="row">
                  <b>{option?.name}</b>
                  <span className="sp" />
                  {o.score === null ? <span className="hatch">{score}</span> : score}
                </div>
                <div className="lbl">
                  {option ? optionKindName[option.kind] : null}. Not known yet: {unknown}.
                </div>
              </>
            ),
          };
        })}
      />
    </>
  );
}

function sayRanking(r: Ranking, options: readonly Option[]): string {
  if (r.options.length === 0) return "There is no option yet.";
  if (r.options.length === 1) return "One option alone is no choice. Name another; doing nothing is one.";
  const unknown = r.unknown === 1 ? "One score is" : `${r.unknown} scores are`;
  if (r.tied.length > 0) return `${r.tied.map((key) => nameIn(options, key)).join(" and ")} come out equal.`;
  if (r.winner && r.complete) return `${nameIn(options, r.winner)} leads.`;
  if (r.winner)
    return `Incomplete: ${unknown} unknown. ${nameIn(options, r.winner)} leads whatever ${r.unknown === 1 ? "it turns" : "they turn"} out to be.`;
  return `Incomplete: ${unknown} unknown, and the result depends on ${r.unknown === 1 ? "it" : "them"}.`;
}

/** Which weight, changed by how much, would turn the result. */
export function Sensitivity({
  ranking,
  options,
  criteria,
}: {
  ranking: Ranking;
  options: readonly Option[];
  criteria: readonly Criterion[];
}) {
  const { flips } = ranking;
  if (flips === null) return <p className="lbl">Can be told once every score is known and one option leads.</p>;
  if (flips.length === 0) return <p>No change of a single weight, from 0 to 100, turns the result.</p>;
  return (
    <Table
      label="Changes of one weight that turn the result"
      columns={[
        { id: "criterion", name: "Criterion" },
        { id: "from", name: "Weight now", num: true },
        { id: "to", name: "Turns" },
        { id: "winner", name: "Then leads" },
      ]}
      rows={flips.map((f) => ({
        id: f.criterion,
        cells: {
          criterion: titleIn(criteria, f.criterion),
          from: f.from,
          to: sayTurn(f),
          winner: nameIn(options, f.winner),
        },
        card: (
          <>
            <b>{titleIn(criteria, f.criterion)}</b>
            <div className="lbl">
              Weighs {f.from}; {sayTurn(f)}, {nameIn(options, f.winner)} leads.
            </div>
          </>
        ),
      }))}
    />
  );
}

const sayTurn = ({ from, to }: Flip): string => `${to > from ? "above" : "below"} ${to.toFixed(1).replace(/\.0$/, "")}`;
