import { NuqsAdapter } from "nuqs/adapters/next/app";
import type { ReactNode } from "react";
import { type LogHead, Shell, type ShellCounts } from "@/components/shell/shell";
import { pageContext } from "@/lib/auth/context";
import { holds } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/command";
import { logFault } from "@/lib/core/log-line";
import { type Role, roleName, roles } from "@/lib/core/rights";
import { head } from "@/lib/log/queries";
import { keptFigures } from "@/lib/queue/kept";

export const dynamic = "force-dynamic";

// The role a person is best known by comes last in the table of roles of the board.
const known: readonly Role[] = [
  "board_chair",
  "executive",
  "model_risk",
  "security",
  "privacy",
  "compliance",
  "auditor",
];
const roleOf = (ctx: Ctx): string => {
  const held = new Set(ctx.actor.grants.map((g) => g.role));
  const best = known.find((r) => held.has(r)) ?? roles.findLast((r) => held.has(r));
  return best ? roleName[best] : "No role yet";
};

export default async function PortalLayout({ children }: { children: ReactNode }) {
  const ctx = await pageContext();
  const [figures, logHead] = await Promise.all([figuresOf(ctx), headOf(ctx)]);
  return (
    <Shell
      organisation={figures.organisation ?? "Your organisation"}
      person={{ name: ctx.actor.name, role: roleOf(ctx) }}
      counts={figures}
      head={logHead}
    >
      <NuqsAdapter>{children}</NuqsAdapter>
    </Shell>
  );
}

// What the frame shows must not take a page down with it: a fault is logged, and the figures are left out.
async function figuresOf(ctx: Ctx): Promise<ShellCounts & { organisation: string | null }> {
  try {
    const { figures, unread } = await keptFigures(ctx);
    return { ...figures, unread };
  } catch (error) {
    logFault(error, ctx.requestId);
    return {
      queue: null,
      models: null,
      differences: null,
      reviews: null,
      releases: null,
      unread: null,
      organisation: null,
    };
  }
}

// Before the first signed head, and for those who may not read the log, it is unknown.
async function headOf(ctx: Ctx): Promise<LogHead | null> {
  if (!holds(ctx.actor, "log:read")) return null;
  try {
    const found = await head(ctx.db);
    if (found.note === "") return null;
    return {
      size: found.size,
      root: found.root,
      at: found.signedAt,
      verified: found.verified && found.refused === null,
    };
  } catch (error) {
    logFault(error, ctx.requestId);
    return null;
  }
}
