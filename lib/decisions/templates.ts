/** Where a new record begins. Each reads back without a fault but for what is left to write. */
type Template = { id: string; name: string; content: string };

const front = `---
status: proposed
decision-makers:
consulted:
informed:
---
`;

const rest = `
### Consequences

- Good, because 
- Bad, because 

### Confirmation

How it will be checked that the decision is followed, by people or by checks over facts (see Vocabulary).
`;

export const templates: readonly Template[] = [
  {
    id: "madr",
    name: "MADR 4",
    content: `${front}
# Short title of the problem and its solution

## Context and Problem Statement

## Decision Drivers

- 

## Considered Options

- 

## Decision Outcome

Chosen option: “”, because
${rest}
## Pros and Cons of the Options

### First option

- Good, because 
- Neutral, because 
- Bad, because 

## More Information
`,
  },
  {
    id: "madr-minimal",
    name: "MADR, short",
    content: `# Short title of the problem and its solution

## Context and Problem Statement

## Considered Options

- 

## Decision Outcome

Chosen option: “”, because
`,
  },
  {
    id: "nygard",
    name: "Nygard",
    content: `# Short title of the decision

## Status

Proposed

## Context

What makes this decision necessary.

## Decision

We will 

## Consequences

What becomes easier, and what becomes harder.
`,
  },
  {
    id: "model-choice",
    name: "Model choice",
    content: `${front}
# Use … for …

## Context and Problem Statement

What is predicted, for whom, and what a wrong answer costs. What runs today, and how well.

## Decision Drivers

- Quality: the metric, the slice that matters most, and the floor
- Latency and load: p95, requests per second
- Cost per 1,000 predictions, and of one training
- Explanation that is owed, and to whom
- Data that may be used, and where it may be processed

## Considered Options

| Option | Quality on the held-out set | Worst slice | p95 | Cost per 1,000 | Explains itself |
|---|---|---|---|---|---|
| | | | | | |

## Decision Outcome

Chosen option: “”, because

What would make us choose again: 
${rest}
## More Information

Run of the comparison, with its data version: 
`,
  },
  {
    id: "data-source",
    name: "Data source",
    content: `${front}
# Take … from …

## Context and Problem Statement

Which feature or label it serves, and what is used today.

## Decision Drivers

- Owner, contract and service level of the source
- Lawful basis, purpose, retention, region
- Freshness and completeness, measured over 
- Whether it is known at prediction time, as it was known then

## Considered Options

- 

## Decision Outcome

Chosen option: “”, because

What happens when the source is late or wrong: 
${rest}
## More Information

Where it enters:

\`\`\`mermaid
flowchart LR
  source[Source] --> features[Feature] --> model[Model]
\`\`\`
`,
  },
  {
    id: "deviation",
    name: "Pattern deviation",
    content: `${front}
# Depart from … in …

## Context and Problem Statement

Which rule of which reference architecture, at which version, cannot be followed, and why not now.

## Considered Options

- Follow the pattern
- Depart from it as described here

## Decision Outcome

Chosen option: “”, because

The risk that is taken on, who carries it, and what limits it until then: 

The deviation ends when: 
${rest}`,
  },
];
