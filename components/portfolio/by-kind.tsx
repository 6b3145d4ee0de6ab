import { Section } from "@/components/ui/page";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { kindName, platformName } from "@/lib/models/model";
import type { Outlook } from "@/lib/models/outlook";
import type { Portfolio } from "@/lib/models/portfolio";
import { Count, num, type Then } from "./count";

/** Models by the platform they run on. */
export function ByPlatform({ platforms, then }: { platforms: Portfolio["platforms"]; then: Then }) {
  return (
    <Section title="By platform">
      <Table
        label="Models by platform"
        columns={[
          { id: "platform", name: "Platform" },
          { id: "models", name: "Models", num: true },
          { id: "live", name: "Live", num: true },
          { id: "unclaimed", name: "Unclaimed", num: true },
        ]}
        empty={<p className="mut">No model yet.</p>}
        rows={platforms.map((p) => ({
          id: p.platform,
          cells: {
            platform: platformName[p.platform],
            models: <Count n={p.models} href={then(`/models?platform=${p.platform}`)} />,
            live: <Count n={p.live} href={then(`/models?platform=${p.platform}&stage=live`)} />,
            unclaimed: <Count n={p.unclaimed} href={then(`/models?platform=${p.platform}&stage=unclaimed`)} />,
          },
        }))}
      />
    </Section>
  );
}

/** Models by what kind they are. */
export function ByKind({ kinds, then }: { kinds: Outlook["kinds"]; then: Then }) {
  return (
    <Section title="By kind">
      <Table
        label="Models by kind"
        columns={[
          { id: "kind", name: "Kind" },
          { id: "models", name: "Models", num: true },
          { id: "live", name: "Live", num: true },
          { id: "tier1", name: "Tier 1", num: true },
        ]}
        empty={<p className="lbl">No model yet.</p>}
        rows={kinds.map(({ kind, ...k }) => ({
          id: kind ?? "none",
          cells: {
            kind: kind ? kindName[kind] : <Status state="unknown" word="Not said" />,
            models: kind ? <Count n={k.models} href={then(`/models?kind=${kind}`)} /> : num(k.models),
            live: kind ? <Count n={k.live} href={then(`/models?kind=${kind}&stage=live`)} /> : num(k.live),
            tier1: kind ? <Count n={k.tier1} href={then(`/models?kind=${kind}&tier=1`)} /> : num(k.tier1),
          },
        }))}
      />
    </Section>
  );
}
