"use client";
import { useRouter } from "next/navigation";
import { useEffect } from "react";

/** Asks for the page again every two seconds while something runs. */
export function Poll({ running }: { running: boolean }) {
  const router = useRouter();
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => router.refresh(), 2000);
    return () => clearInterval(timer);
  }, [running, router]);
  return null;
}
