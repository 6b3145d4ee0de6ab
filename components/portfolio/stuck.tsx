import Link from "@/components/ui/link";
import { Section } from "@/components/ui/page";
import { Table } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import { stageName } from "@/lib/models/model";
import { type Outlook, stuckAfterDays } from "@/lib/models/outlook";
import { Count, many, type Then } from "./count";

/** Models that stay in a stage on the way for too long, and what keeps them. */
export function Stuck({
  outlook,
  then,
  href,
}: {
  outlook: Pick<Outlook, "totals" | "stuck" | "reasons">;
  then: Then;
  href: string;
}) {
  const { totals } = outlook;
  return (
    <Section
      title="Stuck"
      note={`${many(totals.stuck, "model")} for more than ${stuckAfterDays} days in a stage on the way; the longest first`}
    >
      <div className="two-cols">
        <Table
          label="Stuck models"
          columns={[
            { id: "name", name: "Model" },
            { id: "stage", name: "Stage" },
            { id: "since", name: "Since" },
            { id: "why", name: "Why" },
          ]}
          empty={<p className="lbl">Nothing is stuck.</p>}
          rows={outlook.stuck.map((m) => ({
            id: m.name,
            cells: {
              name: (
                <Link className="b" href={then(`/models/${encodeURIComponent(m.name)}`)}>
                  {m.name}
                </Link>
              ),
              stage: stageName[m.stage],
              since: <When at={m.since} />,
              why: m.why,
            },
            card: (
              <>
                <div className="row">
                  <Link className="b" href={then(`/models/${encodeURIComponent(m.name)}`)}>
                    {m.name}
                  </Link>
                  <span className="sp" />
                  {stageName[m.stage]}
                </div>
                <div className="ink2 l2">{m.why}</div>
              </>
            ),
          }))}
        />
        <Table
          label="Reasons"
          columns={[
            { id: "why", name: "What keeps them" },
            { id: "n", name: "Models", num: true },
          ]}
          empty={<p className="lbl">No reason to list.</p>}
          rows={outlook.reasons.map((r) => ({
            id: r.why,
            cells: { why: r.why, n: <Count n={r.n} href={href} /> },
          }))}
        />
      </div>
    </Section>
  );
}
