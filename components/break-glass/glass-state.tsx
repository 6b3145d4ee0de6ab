import { Status } from "@/components/ui/status";
import { type GlassState, glassStateName } from "@/lib/break-glass/break-glass";

const look = {
  waiting: "requested",
  lapsed: "withdrawn",
  withdrawn: "withdrawn",
  open: "glass_open",
  to_review: "to_review",
  reviewed: "closed",
} as const;

/** Where a break-glass stands; overdue is said in its place. */
export function GlassStatus({ state, overdue = false, tag }: { state: GlassState; overdue?: boolean; tag?: boolean }) {
  return overdue ? (
    <Status state="overdue" word="Look is overdue" tag={tag ?? false} />
  ) : (
    <Status state={look[state]} word={glassStateName[state]} tag={tag ?? false} />
  );
}
