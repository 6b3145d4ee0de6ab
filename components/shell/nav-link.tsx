"use client";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import Link from "@/components/ui/link";

/** One area in the left column; knows whether it is the present one. On small screens it closes the menu it sits in. */
export function NavLink({ href, children }: { href: string; children: ReactNode }) {
  const path = usePathname();
  const on = href === "/" ? path === "/" : path === href || path.startsWith(`${href}/`);
  return (
    <Link
      href={href}
      className={on ? "on" : undefined}
      aria-current={on ? "page" : undefined}
      onClick={() => {
        const nav = document.getElementById("areas");
        if (nav?.matches(":popover-open")) nav.hidePopover();
      }}
    >
      {children}
    </Link>
  );
}
