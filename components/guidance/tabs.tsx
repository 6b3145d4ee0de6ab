import { Tabs } from "@/components/ui/tabs";

const views = [
  { href: "/guidance", name: "Texts" },
  { href: "/guidance/templates", name: "Templates" },
  { href: "/guidance/target-state", name: "Target state" },
  { href: "/guidance/backlog", name: "Debt and capabilities" },
  { href: "/guidance/office-hours", name: "Office hours" },
  { href: "/guidance/evaluations", name: "Build or buy" },
  { href: "/guidance/courses", name: "Courses" },
] as const;

/** What the guidance area holds, on each of its front pages. */
export function GuidanceTabs({ at }: { at: (typeof views)[number]["href"] }) {
  return <Tabs label="Guidance" items={views.map((v) => ({ ...v, on: v.href === at }))} />;
}
