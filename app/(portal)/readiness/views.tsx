import { Segmented, Tabs } from "@/components/ui/tabs";

const views = [
  { path: "/readiness", name: "Business units" },
  { path: "/readiness/map", name: "Items by unit" },
  { path: "/readiness/maturity", name: "Maturity of teams" },
] as const;
type Path = (typeof views)[number]["path"];

/** The readings of the organisation's readiness; the tier goes along. */
export function ReadinessViews({ on, tier }: { on: Path; tier: string | undefined }) {
  return (
    <Tabs
      label="Readings of readiness"
      items={views.map(({ path, name }) => ({ href: tier ? `${path}?tier=${tier}` : path, name, on: path === on }))}
    />
  );
}

export function TierChoice({ tier, href }: { tier: string | undefined; href: (tier: string | null) => string }) {
  return (
    <Segmented
      label="Tier"
      items={[
        { href: href(null), name: "All tiers", on: !tier },
        ...["1", "2", "3", "4"].map((t) => ({ href: href(t), name: `Tier ${t}`, on: tier === t })),
      ]}
    />
  );
}
