import type { Change, Told } from "./dry-run";

/** A dry run as the page shows it. */
export type DryRunShown = {
  policy: { version: number; digest: string };
  cases: readonly { name: string; decision: string; codes: readonly string[]; holds: boolean }[];
  stuck: readonly { unit: string; tiers: readonly number[]; reason: string }[];
  tried: { open: number; moreOpen: boolean; closed: number };
  changes: { same: number; opens: number; closes: number; reasons: number; cannotTell: number };
  releases: readonly {
    ref: string;
    model: string;
    version: string;
    environment: string;
    change: Change;
    before: { decision: "allow" | "deny"; reasons: readonly Told[] } | null;
    after: { decision: "allow" | "deny"; reasons: readonly Told[] } | null;
    why: string | null;
  }[];
};

/** What the form shows after it was sent. */
export type DryRunState = { message: string; result: DryRunShown | null };
