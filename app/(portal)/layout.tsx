import { NuqsAdapter } from "nuqs/adapters/next/app";
import type { ReactNode } from "react";
import { Shell } from "@/components/shell/shell";
import { pageContext } from "@/lib/auth/context";
import { config } from "@/lib/config/config";
import { roleName } from "@/lib/core/rights";

export const dynamic = "force-dynamic";

export default async function PortalLayout({ children }: { children: ReactNode }) {
  const ctx = await pageContext();
  const role = ctx.actor.grants[0]?.role;
  return (
    <Shell
      organisation={config().organisation}
      person={{ name: ctx.actor.name, role: role ? roleName[role] : "No role yet" }}
      counts={{ queue: null, models: null, reviews: null, releases: null }}
      head={null}
    >
      <NuqsAdapter>{children}</NuqsAdapter>
    </Shell>
  );
}
