import type { State } from "@/components/ui/states";
import { Status } from "@/components/ui/status";
import { type BacklogState, stateName } from "@/lib/backlog/backlog";

const look: Record<BacklogState, State> = {
  open: "open",
  planned: "proposed",
  started: "in_review",
  done: "closed",
  dropped: "not_applicable",
};

export const ItemState = ({ state, tag = false }: { state: BacklogState; tag?: boolean }) => (
  <Status state={look[state]} word={stateName[state]} tag={tag} />
);
