import { KeyValues } from "@/components/ui/key-values";
import { Section } from "@/components/ui/page";
import { aggregates, maxChecks } from "@/lib/decision-checks/assumption";
import { example } from "@/lib/decision-checks/example";
import { scopeNames } from "@/lib/decision-checks/scope";

/** How a decision says what it expects; names and limits come from the code that reads it. */
export function WrittenChecks() {
  return (
    <Section title="Checks in decisions" note="what a record expects of models" id="written-checks">
      <div className="text">
        <p>
          A decision record carries checks in a fenced block with the word <code>checks</code>, usually in its section
          “Confirmation”, or in the list <code>checks</code> of its front matter. At most {maxChecks} in one record.
        </p>
        <pre className="cel">{example}</pre>
        <p>
          <code>check</code> is an expression (CEL) over the facts of a model and its newest version. With one of{" "}
          {aggregates.join(", ")} it is an expression over the <code>value</code> that the models’ numbers come to, and
          their <code>count</code>. Without a <code>scope</code> the check is about the decision’s model, or about the
          models that follow its pattern. A scope may name:
        </p>
      </div>
      <KeyValues items={Object.entries(scopeNames).map(([key, value]) => ({ key, value }))} />
    </Section>
  );
}
