import { ActionForm } from "@/components/ui/action-form";
import { DateField, SelectField, TextArea } from "@/components/ui/field";
import { Status } from "@/components/ui/status";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import type { Actor } from "@/lib/core/actor";
import { mayAttest } from "@/lib/readiness/readiness";
import { authorityName, impacts, likelihoods, mayAccept, mayEnd, needsInWords } from "@/lib/readiness/risk-acceptance";
import { maxWaiverDays } from "@/lib/readiness/waiver";
import { askWaiver, decideOnWaiver, endThisWaiver } from "./actions";
import type { ReadinessItem, ReadinessView } from "./page";

type Waiver = ReadinessView["waivers"][number];

const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
const options = (values: readonly string[]) => values.map((value) => ({ value, label: capital(value) }));

/** What was waived of an item, what is asked, and what the reader may do about it. */
export function Waivers({ actor, data, item }: { actor: Actor; data: ReadinessView; item: ReadinessItem }) {
  const { model } = data;
  const waivers = data.waivers.filter((w) => w.itemId === item.id);
  const attesting = mayAttest(actor, model);
  const asks = item.waivable && item.state !== "pass" && !waivers.some((w) => w.state === "requested");
  const tier = model.tier ?? 1;
  return (
    <div>
      <h3>Waiver</h3>
      {waivers.map((w) => (
        <OneWaiver key={w.id} actor={actor} waiver={w} />
      ))}
      {item.waivable ? null : <p className="lbl">This item cannot be waived.</p>}
      {!asks ? null : attesting.ok ? (
        <details>
          <summary className="lbl">{item.state === "waived" ? "Ask for another" : "Ask for a waiver"}</summary>
          <ActionForm
            action={askWaiver}
            submit="Ask for a waiver"
            tone="outlined"
            hidden={{ name: model.name, item: item.id }}
            guard
          >
            <TextArea name="reason" label="Why it cannot hold now" voice="record" rows={3} minLength={20} />
            <SelectField name="likelihood" label="How likely is harm meanwhile" options={options(likelihoods)} />
            <SelectField
              name="impact"
              label="How bad it would be, with what is done instead"
              options={options(impacts)}
            />
            <TextArea name="affected" label="Who is affected, and how" voice="record" rows={2} minLength={10} />
            <TextArea name="compensation" label="What is done instead" voice="record" rows={3} minLength={20} />
            <TextArea
              name="compensationChecks:lines"
              label="Checks that it works"
              hint="One rule over facts on each line, such as slo.reporting. While one fails, the waiver does not count."
              rows={2}
              optional
            />
            <TextArea name="exitPlan" label="How and when the item will hold" voice="record" rows={2} minLength={20} />
            <DateField name="expiresOn" label="Until" hint={`At most ${maxWaiverDays[tier]} days in tier ${tier}.`} />
          </ActionForm>
        </details>
      ) : (
        <WhyButton label="Ask for a waiver" reason={attesting.reason} />
      )}
    </div>
  );
}

function OneWaiver({ actor, waiver: w }: { actor: Actor; waiver: Waiver }) {
  const ending = mayEnd(actor, w.rules);
  return (
    <div style={{ marginBottom: 12 }}>
      <p>
        <span className="mono">{w.ref}</span> {w.over ? <Status state="stale" word="Ran out" /> : null}
        {!w.over && w.state === "accepted" ? <Status state="waived" /> : null}
        {w.state === "refused" || w.state === "requested" ? <Status state={w.state} /> : null}
        {w.state === "ended" ? <Status state="not_applicable" word="Ended" /> : null} until <When at={w.expiresAt} />
        {w.renewal > 0 ? <span className="lbl"> waived {w.renewal + 1} times within a year</span> : null}
      </p>
      <p className="say">{w.reason}</p>
      {w.risk ? (
        <p className="lbl">
          {capital(w.risk.level)} risk: {w.risk.likelihood}, {w.risk.impact}. {w.risk.affected}
        </p>
      ) : null}
      <p className="lbl">Instead: {w.compensation}</p>
      {w.compensations.map((c) => (
        <p key={c.check} className="lbl">
          <Status state={c.state} /> <span className="mono">{c.check}</span> {c.why}
        </p>
      ))}
      {w.exitPlan ? <p className="lbl">Way out: {w.exitPlan}</p> : null}
      <p className="lbl">
        Asked by {w.askedBy}
        {w.acceptances.map((a) => `; accepted by ${a.name} as ${authorityName[a.authority]}`).join("")}
        {w.state === "refused" ? `; refused by ${w.decidedBy}` : ""}.
        {w.state === "requested" ? ` It takes ${needsInWords(w.needs)}.` : ""}
      </p>
      {w.state === "requested" ? <Decide actor={actor} waiver={w} /> : null}
      {!w.over && ending.ok ? (
        <details>
          <summary className="lbl">
            {w.state === "requested" ? "Take the request back" : "End it before its time"}
          </summary>
          <ActionForm
            action={endThisWaiver}
            submit={w.state === "requested" ? "Take it back" : "End it"}
            tone="outlined"
            hidden={{ ref: w.ref }}
          >
            <TextArea name="reason" label="Why it is not needed" rows={2} minLength={10} />
          </ActionForm>
        </details>
      ) : null}
    </div>
  );
}

function Decide({ actor, waiver }: { actor: Actor; waiver: Waiver }) {
  const verdict = mayAccept(actor, waiver.rules);
  if (!verdict.ok) return <WhyButton label={`Decide ${waiver.ref}`} reason={verdict.reason} />;
  return (
    <ActionForm action={decideOnWaiver} submit="Decide" tone="act" hidden={{ ref: waiver.ref }}>
      <SelectField
        name="outcome"
        label="Decision"
        options={[
          { value: "accepted", label: "Accept the risk" },
          { value: "refused", label: "Refuse" },
        ]}
      />
      <TextArea name="reason" label="Reason" voice="record" rows={2} minLength={10} />
    </ActionForm>
  );
}
