import { Status } from "@/components/ui/status";
import { When } from "@/components/ui/when";

/** Where the review of an incident stands. */
export function ReviewState({
  incident: { state, overdue },
  tag = false,
}: {
  incident: { state: "open" | "published" | null; overdue: boolean };
  tag?: boolean;
}) {
  if (state === null) return <span className="mut">Not reviewed</span>;
  if (state === "published") return <Status state="closed" word="Published" tag={tag} />;
  return overdue ? <Status state="overdue" tag={tag} /> : <Status state="open" word="Being written" tag={tag} />;
}

/** How long it lasted, or that it lasts. */
export function Lasted({ startedAt, resolvedAt }: { startedAt: string; resolvedAt: string | null }) {
  if (resolvedAt === null)
    return (
      <>
        Not resolved, since <When at={startedAt} show="datetime" />
      </>
    );
  const minutes = Math.round((Date.parse(resolvedAt) - Date.parse(startedAt)) / 60_000);
  return <>{minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`}</>;
}
