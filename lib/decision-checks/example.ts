/** A block of checks as an author would write it; shown where the form is explained. */
export const example = `\`\`\`checks
- id: drift-monitor
  title: Every live tier-1 online model has a drift monitor
  scope: tier == 1 && type == 'online' && stage == 'live'
  check: now - drift.data_monitor_at < duration('48h')
- id: vector-search-spend
  title: Vector search stays below EUR 20,000 a month
  scope: type == 'llm_app' && stage == 'live'
  sum: cost.vector_search_monthly
  check: value < 20000
\`\`\``;
