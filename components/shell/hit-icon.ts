import {
  Boxes,
  FileCode2,
  Gavel,
  ListChecks,
  type LucideIcon,
  MessagesSquare,
  PanelTop,
  Puzzle,
  ScrollText,
  Ship,
  User,
} from "lucide-react";
import type { HitKind } from "@/lib/search/search";

export const hitIcon: Record<HitKind, LucideIcon> = {
  model: Boxes,
  adr: Gavel,
  review: MessagesSquare,
  release: Ship,
  condition: ListChecks,
  person: User,
  pattern: Puzzle,
  version: FileCode2,
  entry: ScrollText,
  page: PanelTop,
};
