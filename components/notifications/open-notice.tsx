"use client";
import type { ReactNode } from "react";
import Link from "@/components/ui/link";

/**
 * Goes where a notification leads. On the way the browser says that what it tells about that page was read; should that get lost, it
 * stays unread, and nothing else is wrong.
 */
export function OpenNotice({ href, children }: { href: string; children: ReactNode }) {
  const seen = () => {
    const body = new Blob([JSON.stringify({ path: href })], { type: "application/json" });
    navigator.sendBeacon("/api/v1/notifications/read", body);
  };
  return (
    <Link href={href} className="plain" onClick={seen}>
      {children}
    </Link>
  );
}
