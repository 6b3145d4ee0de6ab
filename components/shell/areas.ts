import {
  BookOpen,
  Boxes,
  CalendarClock,
  ChartLine,
  FolderCheck,
  Gavel,
  GitCompareArrows,
  House,
  Landmark,
  Layers,
  ListChecks,
  type LucideIcon,
  MessagesSquare,
  Network,
  Puzzle,
  ScrollText,
  Settings,
  Ship,
} from "lucide-react";

/** Areas of the portal, grouped as the left column shows them. `count` names the figure beside it. */
export type Area = {
  href: string;
  name: string;
  Icon: LucideIcon;
  count?: "queue" | "models" | "differences" | "reviews" | "releases";
};

export const areas: readonly (readonly Area[])[] = [
  [{ href: "/", name: "Home", Icon: House, count: "queue" }],
  [
    { href: "/portfolio", name: "Portfolio", Icon: Layers },
    { href: "/models", name: "Models", Icon: Boxes, count: "models" },
    { href: "/reconciliation", name: "Reconciliation", Icon: GitCompareArrows, count: "differences" },
  ],
  [
    { href: "/decisions", name: "Decisions", Icon: Gavel },
    { href: "/patterns", name: "Patterns", Icon: Puzzle },
    { href: "/guidance", name: "Guidance", Icon: BookOpen },
    { href: "/readiness", name: "Readiness", Icon: ListChecks },
    { href: "/reviews", name: "Reviews", Icon: MessagesSquare, count: "reviews" },
    { href: "/meetings", name: "Meetings", Icon: CalendarClock },
    { href: "/board", name: "Board", Icon: Landmark },
    { href: "/releases", name: "Releases", Icon: Ship, count: "releases" },
  ],
  [
    { href: "/lineage", name: "Lineage", Icon: Network },
    { href: "/kpis", name: "KPIs", Icon: ChartLine },
    { href: "/evidence", name: "Evidence", Icon: FolderCheck },
    { href: "/log", name: "Log", Icon: ScrollText },
  ],
  [{ href: "/admin", name: "Admin", Icon: Settings }],
];
