/** An ADR of the demo organisation; madr() writes it as MADR 4. `ago`: days before the demo's today on which it was proposed. */
export type SeedAdr = {
  title: string;
  author: string;
  ago: number;
  status: "proposed" | "accepted" | "rejected" | "deprecated" | "superseded";
  /** Title of the ADR that supersedes it. */
  supersededBy?: string;
  model?: string;
  context: string;
  drivers: readonly string[];
  options: readonly string[];
  /** Index of the chosen option. */
  chosen: number;
  because: string;
  good: readonly string[];
  bad: readonly string[];
  confirmation: string;
  /** What it expects of models, as YAML; becomes a block of checks below the confirmation. */
  checks?: string;
};

export function madr(adr: SeedAdr, date: string): string {
  const list = (items: readonly string[]) => items.map((i) => `* ${i}`).join("\n");
  return `---
status: proposed
date: ${date}
decision-makers: ${adr.author}
---

# ${adr.title}

## Context and Problem Statement

${adr.context}

## Decision Drivers

${list(adr.drivers)}

## Considered Options

${list(adr.options)}

## Decision Outcome

Chosen option: "${adr.options[adr.chosen]}", because ${adr.because}

### Consequences

${[...adr.good.map((g) => `* Good, because ${g}`), ...adr.bad.map((b) => `* Bad, because ${b}`)].join("\n")}

### Confirmation

${adr.confirmation}
${adr.checks ? `\n\`\`\`checks\n${adr.checks}\n\`\`\`\n` : ""}`;
}
