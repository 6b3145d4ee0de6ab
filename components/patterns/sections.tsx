import { KeyValues } from "@/components/ui/key-values";
import { Section } from "@/components/ui/page";
import { Table } from "@/components/ui/table";
import type { PatternMeta } from "@/lib/content/schemas";
import { kindName, legalClassName } from "@/lib/models/model";
import { patternPlatformName } from "@/lib/patterns/pattern";
import { itemTypeName } from "@/lib/readiness/readiness";

const words = (list: readonly (string | number)[]): string =>
  list.length === 0 ? "none" : list.map((v) => String(v).replaceAll("_", " ")).join(", ");

/** Within which bounds a team follows the pattern without asking. */
export function Limits({ limits, variants }: { limits: PatternMeta["limits"]; variants: PatternMeta["variants"] }) {
  return (
    <KeyValues
      items={[
        { key: "Tiers", value: words(limits.tiers) },
        { key: "Serving", value: words(limits.serving_types.map((t) => itemTypeName[t])) },
        { key: "Models", value: words(limits.model_kinds.map((k) => kindName[k])) },
        { key: "Data", value: words(limits.data_classes) },
        { key: "AI Act", value: words(limits.legal_classes.map((c) => legalClassName[c])) },
        { key: "Built on", value: words(variants.map((v) => patternPlatformName[v])) },
        { key: "Regions", value: words(limits.regions) },
        { key: "Vendors", value: words(limits.vendors) },
        {
          key: "Load",
          value: limits.max_requests_per_second === null ? "batch" : `${limits.max_requests_per_second} requests/s`,
        },
        { key: "May write", value: limits.write_access ? "yes" : "no" },
        { key: "Public input", value: limits.public_input ? "yes" : "no" },
      ]}
    />
  );
}

/** Readiness items that following the pattern answers. */
export function Answers({ satisfies }: { satisfies: readonly { item: string; title: string | null; how: string }[] }) {
  if (satisfies.length === 0) return null;
  return (
    <Section title="Readiness items it answers" note="where it is followed without deviation" id="readiness">
      <Table
        label="Readiness items that this pattern answers"
        columns={[
          { id: "item", name: "Item", width: 72 },
          { id: "title", name: "It asks for" },
          { id: "how", name: "Answered by" },
        ]}
        rows={satisfies.map((s) => ({
          id: s.item,
          cells: { item: <code>{s.item}</code>, title: s.title ?? "an item of a former checklist", how: s.how },
          card: (
            <>
              <code>{s.item}</code> {s.title}
              <div className="lbl">{s.how}</div>
            </>
          ),
        }))}
      />
    </Section>
  );
}

/** What is asked of whoever follows the pattern: the rule over facts, or a person's word. */
export function PatternChecks({ checks }: { checks: PatternMeta["checks"] }) {
  return (
    <Section title="Conformance" note="over the facts that connected systems report" id="conformance">
      <ul className="checks">
        {checks.map((c) => (
          <li key={c.id}>
            {c.title}
            {c.item ? (
              <span className="lbl">
                {" "}
                for <code>{c.item}</code>
              </span>
            ) : null}
            {c.check ? <code className="cel">{c.check}</code> : <span className="lbl">A person attests it.</span>}
          </li>
        ))}
      </ul>
    </Section>
  );
}
