import { ActionForm } from "@/components/ui/action-form";
import Link from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { Pager } from "@/components/ui/pager";
import type { State } from "@/components/ui/states";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import { causeName } from "@/lib/checks/check";
import type { Actor } from "@/lib/core/actor";
import { mayEvaluate, type SubjectOutcome } from "@/lib/decision-checks/assumption";
import type { adrCheckModels, adrChecksOf } from "@/lib/decision-checks/reads";
import { lookAgain } from "../actions";

type Checks = Awaited<ReturnType<typeof adrChecksOf>>;
type Check = Checks["items"][number];
type Models = Awaited<ReturnType<typeof adrCheckModels>>;

/** The one check whose models are read page by page. */
export type Opened = { id: string; models: Models; after: string | undefined };

/** What the decision expects of models, whether it is so, and the models behind each answer. Nothing where it expects nothing. */
export function Checks({ checks, actor, opened }: { checks: Checks; actor: Actor; opened: Opened | null }) {
  if (checks.items.length === 0 && checks.faults.length === 0) return null;
  const may = mayEvaluate(actor, checks.subject);
  return (
    <section className="cks" id="checks" aria-labelledby="checks-title">
      <div className="row w">
        <h2 id="checks-title">Checks</h2>
        <span className="sp" />
        {may.ok ? (
          <ActionForm action={lookAgain} submit="Look again" tone="outlined" hidden={{ ref: checks.ref }} />
        ) : (
          <WhyButton label="Look again" reason={may.reason} />
        )}
      </div>
      {checks.faults.length > 0 ? (
        <Notice tone="care">
          The checks in this text cannot be used until it is mended.
          <ul>
            {checks.faults.slice(0, 10).map((fault) => (
              <li key={`${fault.line} ${fault.text}`}>
                Line {fault.line}: {fault.text}
              </li>
            ))}
          </ul>
        </Notice>
      ) : null}
      {checks.items.length > 0 && !checks.inForce ? (
        <p className="mut">The decision is {checks.subject.status}; this is what was found last.</p>
      ) : null}
      {checks.items.map((check) => (
        <One
          key={check.id}
          at={checks.ref}
          check={check}
          inForce={checks.inForce}
          opened={opened?.id === check.id ? opened : null}
        />
      ))}
    </section>
  );
}

function One({ at, check, inForce, opened }: { at: string; check: Check; inForce: boolean; opened: Opened | null }) {
  const [last] = check.breaks;
  const asked = last && last.closedAt === null && inForce ? last : null;
  const cause = check.cause ? `: ${causeName[check.cause]}` : "";
  return (
    <article className="ck" id={`check-${check.id}`}>
      <div className="row w">
        <h3>{check.title}</h3>
        <span className="sp" />
        <Status state={check.state} tag word={check.state === "unknown" ? `Unknown${cause}` : undefined} />
        <span className="lbl">
          since <When at={check.since} />
        </span>
      </div>
      <p>{check.why}</p>
      {asked ? (
        <p className="ink2">
          Its owners were asked to revisit this decision on <When at={asked.raisedAt} show="day" />
          {asked.answeredAt ? (
            <>
              , and said on <When at={asked.answeredAt} show="day" /> that it stands.
            </>
          ) : (
            "."
          )}
        </p>
      ) : null}
      <dl className="facts">
        <dt>Of</dt>
        <dd>{check.scope === null ? "what the decision is about" : <code className="cel">{check.scope}</code>}</dd>
        <dt>Expects</dt>
        <dd>
          <code className="cel">
            {check.aggregate ? `${check.aggregate} of ${check.factKey}: ` : ""}
            {check.expression}
          </code>
        </dd>
        <dt>Looked at</dt>
        <dd>{check.evaluatedAt ? <When at={check.evaluatedAt} show="relative" /> : "not yet"}</dd>
      </dl>
      {check.subjects.length > 0 ? <Subjects at={at} check={check} opened={opened} /> : null}
    </article>
  );
}

const outcomeState: Record<SubjectOutcome, State | null> = {
  pass: "pass",
  fail: "fail",
  unknown: "unknown",
  counted: null,
};

function Subjects({ at, check, opened }: { at: string; check: Check; opened: Opened | null }) {
  const subjects = opened ? opened.models.items : check.subjects;
  const href = (after: string | null) =>
    `/decisions/${at}?${new URLSearchParams({ check: check.id, ...(after ? { after } : {}) })}#check-${check.id}`;
  const failing = check.failing + check.unknown;
  return (
    <details open={opened !== null || failing > 0}>
      <summary>The models behind it</summary>
      <Table
        label={`Models behind “${check.title}”`}
        columns={[
          { id: "model", name: "Model", width: 220 },
          { id: "outcome", name: "Outcome", width: 130 },
          { id: "why", name: "Found" },
          { id: "read", name: "Read", width: 120 },
        ]}
        rows={subjects.map((subject) => ({
          id: subject.model,
          cells: {
            model: <ModelLink name={subject.model} />,
            outcome: <Outcome of={subject.outcome} />,
            why: subject.why,
            read: <LastRead facts={subject.facts} />,
          },
          card: (
            <>
              <div className="row">
                <ModelLink name={subject.model} />
                <span className="sp" />
                <Outcome of={subject.outcome} />
              </div>
              <div className="lbl">
                {subject.why} <LastRead facts={subject.facts} />
              </div>
            </>
          ),
        }))}
      />
      {opened && (opened.models.next || opened.after) ? (
        <Pager
          shown={subjects.length}
          total={null}
          noun="model"
          next={opened.models.next ? href(opened.models.next) : null}
          start={opened.after ? href(null) : null}
        />
      ) : null}
      {!opened && check.more ? (
        <p>
          <Link href={href(null)}>All models behind it</Link>
        </p>
      ) : null}
    </details>
  );
}

const ModelLink = ({ name }: { name: string }) => (
  <Link href={`/models/${encodeURIComponent(name)}`} className="mono plain">
    {name}
  </Link>
);

function Outcome({ of }: { of: SubjectOutcome }) {
  const state = outcomeState[of];
  return state ? <Status state={state} /> : <span className="mut">Counted</span>;
}

/** When the oldest of the facts behind an answer was read from its source. */
function LastRead({ facts }: { facts: readonly { collectedAt: Date }[] }) {
  const [oldest] = facts.map((f) => f.collectedAt).sort((a, b) => a.getTime() - b.getTime());
  return oldest ? <When at={oldest} show="relative" /> : <span className="mut">no reading</span>;
}
