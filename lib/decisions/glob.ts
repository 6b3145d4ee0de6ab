/** The patterns that fit every layout known: adr-tools, MADR, Log4brains with its packages, and any docs folder of records. */
export const usualGlobs = [
  "**/adr/**/*.md",
  "**/adrs/**/*.md",
  "**/decisions/**/*.md",
  "**/decision-record*/**/*.md",
  "**/architecture-decision*/**/*.md",
] as const;
