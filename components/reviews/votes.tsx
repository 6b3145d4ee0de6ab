import { CircleX, ListChecks, type LucideIcon, Minus, Stamp } from "lucide-react";
import { Avatar } from "@/components/ui/person";
import { Status } from "@/components/ui/status";
import type { Ballot, Member, Tally } from "@/lib/reviews/quorum";
import { type Choice, choiceName, seatName } from "@/lib/reviews/review";

const look: Record<Choice, { role: string; icon: LucideIcon }> = {
  approve: { role: "pass", icon: Stamp },
  approve_with_conditions: { role: "care", icon: ListChecks },
  reject: { role: "fail", icon: CircleX },
  abstain: { role: "na", icon: Minus },
};

function ChoiceMark({ choice }: { choice: Choice }) {
  const { role, icon: Icon } = look[choice];
  return (
    <span className={`st ${role}`}>
      <Icon className="i" aria-hidden="true" />
      {choiceName[choice]}
    </span>
  );
}

/** Who voted how, who stands aside, and which seats are silent. Silence is not yes. */
export function Votes({
  tally,
  votes,
  members,
  recusals,
  me,
}: {
  tally: Tally;
  votes: readonly (Ballot & { reason: string })[];
  members: readonly Member[];
  recusals: readonly { personId: string; name: string; reason: string }[];
  me: string;
}) {
  const voted = new Set(votes.map((v) => v.seat));
  const silent = [...new Set(members.map((m) => m.seat))].filter((seat) => !voted.has(seat));
  return (
    <>
      <QuorumBar tally={tally} />
      <ul style={{ marginTop: 4 }}>
        {votes.map((v) => (
          <li className="vt" key={v.personId}>
            <Avatar name={v.name} />
            <div>
              <div className="row w">
                <span className="b">{v.name}</span>
                <span className="sp" />
                <ChoiceMark choice={v.choice} />
              </div>
              <div className="lbl">
                {seatName[v.seat]}
                {v.for ? `, for ${v.for.name}` : ""}
                {v.personId === me ? ", you" : ""}
              </div>
              {v.reason ? <div className="vn">“{v.reason}”</div> : null}
            </div>
          </li>
        ))}
        {recusals.map((r) => (
          <li className="vt" key={r.personId}>
            <Avatar name={r.name} />
            <div>
              <div className="row w">
                <span className="b">{r.name}</span>
                <span className="sp" />
                <Status state="recused" />
              </div>
              <div className="lbl">{r.reason} Not counted.</div>
            </div>
          </li>
        ))}
        {silent.map((seat) => {
          const who = members.filter((m) => m.seat === seat);
          return (
            <li className="vt" key={seat}>
              <Avatar name={who[0]?.name ?? "?"} />
              <div>
                <div className="row w">
                  <span className="b">{named(who)}</span>
                  <span className="sp" />
                  <span className="mut">Not voted</span>
                </div>
                <div className="lbl">
                  {seatName[seat]}
                  {who.some((m) => m.personId === me) ? ", you" : ""}
                </div>
              </div>
            </li>
          );
        })}
      </ul>
    </>
  );
}

const named = (who: readonly Member[]) =>
  who.length > 2 ? `${who[0]?.name} or ${who.length - 1} others` : who.map((m) => m.name).join(" or ");

/** One piece per seat (per reviewer in the short lanes), a mark where the quorum is. */
export function QuorumBar({ tally }: { tally: Tally }) {
  const length = Math.max(tally.base, tally.needed, tally.present);
  if (tally.needed === 0) return null;
  return (
    <div
      className="quo"
      role="img"
      aria-label={`${tally.present} votes counted, quorum is ${tally.needed} of ${length}`}
    >
      {Array.from({ length }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the pieces are their places
        <span key={i} style={{ display: "contents" }}>
          <i className={i < tally.present ? undefined : "o"} />
          {i === tally.needed - 1 ? <i className="r" /> : null}
        </span>
      ))}
    </div>
  );
}
