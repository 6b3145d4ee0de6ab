import type { Metadata } from "next";
import { KpiPair, KpiTile } from "@/components/ui/kpi-tile";
import { Page, PageHead, Section } from "@/components/ui/page";
import { lookOf, type State } from "@/components/ui/states";
import { Status } from "@/components/ui/status";
import { Controls } from "./controls";
import { Blocks, Marks, Moments } from "./specimens";
import { WrittenChecks } from "./written-checks";

export const metadata: Metadata = { title: "Vocabulary" };

const checks: readonly State[] = [
  "pass",
  "fail",
  "unknown",
  "waived",
  "not_applicable",
  "allow",
  "deny",
  "cannot_tell",
  "not_measured",
  "met",
  "missed",
  "no_request",
  "holds",
  "partly",
  "broken",
  "overdue",
  "due_soon",
];
const decisions: readonly State[] = [
  "draft",
  "in_review",
  "changes_requested",
  "approved",
  "approved_with_conditions",
  "deferred",
  "rejected",
  "withdrawn",
  "not_required",
  "stale",
  "valid",
  "not_signed",
  "recused",
];
const records: readonly State[] = [
  "proposed",
  "accepted",
  "deprecated",
  "superseded",
  "open",
  "answered",
  "resolved",
  "verified",
  "closed",
  "requested",
  "refused",
];
const releases: readonly State[] = ["allowed", "released", "live", "retired"];

function States({ title, of }: { title: string; of: readonly State[] }) {
  return (
    <div>
      <div className="h row">
        <h2>{title}</h2>
      </div>
      <table className="t" style={{ marginTop: 8 }} aria-label={title}>
        <tbody>
          {of.map((state) => (
            <tr key={state}>
              <td style={{ width: 216 }}>
                <Status state={state} tag />
              </td>
              <td className="ink2">{lookOf(state).means}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export default function VocabularyPage() {
  return (
    <Page name="vocabulary">
      <PageHead
        title="Vocabulary"
        lede="Every state has one word, one icon and one colour role. The word carries the meaning."
      />
      <div className="g" style={{ marginTop: 20 }}>
        <States title="Checks and gates" of={checks} />
        <States title="Decisions and signatures" of={decisions} />
        <States title="Records and duties" of={records} />
        <States title="Releases" of={releases} />
      </div>
      <WrittenChecks />
      <Section title="Signature mark">
        <Marks />
      </Section>
      <Section title="Numbers that know their limits">
        <div className="kpi-scope">
          <KpiPair question="Does shipping more often break more?">
            <KpiTile
              name="Change failure rate"
              state="met"
              value="8.3"
              unit="%"
              target="Target 10 % or less"
              values={[13, 12, 14, null, null, 10, 9, 10, 9, 9, 8, 8.3]}
              range={{ min: 0, max: 16, to: 10, value: 8.3, low: 7.1, high: 9.4 }}
              rangeText="7.1 % to 9.4 %"
              coverage="58 of 61 releases"
              fresh="2 h ago"
            />
            <KpiTile
              name="Time to restore"
              state="not_measured"
              value={null}
              target="Target 4 h or less"
              reason="No incident source is connected"
              coverage="0 of 147 live"
              fresh="never"
            />
          </KpiPair>
        </div>
      </Section>
      <Section title="Answers and history">
        <Blocks />
      </Section>
      <Section title="Controls">
        <Controls />
      </Section>
      <Section title="Empty, loading, error">
        <Moments />
      </Section>
    </Page>
  );
}
