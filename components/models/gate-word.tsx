import { Status } from "@/components/ui/status";
import type { ModelRow } from "@/lib/models/row";

/** What the gate would answer for the next release: allow, deny with how many reasons, cannot tell, or no request. */
export function GateWord({ gate }: { gate: ModelRow["gate"] }) {
  if (!gate) return <Status state="no_request" />;
  if (gate.decision === "allow") return <Status state="allow" />;
  if (gate.decision === "unknown") return <Status state="cannot_tell" />;
  return <Status state="deny" word={`Deny, ${gate.reasons} reason${gate.reasons === 1 ? "" : "s"}`} />;
}
