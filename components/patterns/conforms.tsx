import { Section } from "@/components/ui/page";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import type { CheckState } from "@/lib/checks/check";
import type { AssumptionState } from "@/lib/decision-checks/assumption";

type Requirement = { id: string; title: string; state: CheckState; why: string };
export type Conformance = { state: AssumptionState; requirements: readonly Requirement[] };

/** How a model conforms to the pattern that it follows, and how many of the requirements it meets. */
export function Conforms({ of }: { of: Conformance | undefined }) {
  if (!of || of.requirements.length === 0) return <span className="mut">not checked</span>;
  const met = of.requirements.filter((r) => r.state === "pass" || r.state === "waived").length;
  return (
    <>
      <Status state={of.state} />{" "}
      <span className="lbl nw">
        {met} of {of.requirements.length}
      </span>
    </>
  );
}

/** Each requirement of the pinned text with the answer that facts give. */
export function Requirements({ conformance }: { conformance: Conformance }) {
  return (
    <Section title="Conformance" note={<Conforms of={conformance} />} id="conformance">
      <Table
        label="Requirements of the pattern"
        columns={[
          { id: "title", name: "Requirement", width: "34%" },
          { id: "state", name: "State", width: 150 },
          { id: "why", name: "Found" },
        ]}
        rows={conformance.requirements.map((r) => ({
          id: r.id,
          cells: { title: r.title, state: <Status state={r.state} />, why: r.why },
          card: (
            <>
              <div className="row">
                <span className="b">{r.title}</span>
                <span className="sp" />
                <Status state={r.state} />
              </div>
              <div className="lbl">{r.why}</div>
            </>
          ),
        }))}
      />
    </Section>
  );
}
