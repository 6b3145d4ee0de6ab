"use client";
import { useRouter } from "next/navigation";
import { useEffect, useState, useTransition } from "react";
import { Notice } from "@/components/ui/notice";

const every = 2500;

/** Follows a meeting: asks for its mark every few seconds while the page is seen, and draws it anew until it shows the present one. */
export function Pulse({ meeting, mark }: { meeting: string; mark: string }) {
  const router = useRouter();
  const [lost, setLost] = useState(false);
  const [drawing, draw] = useTransition();
  useEffect(() => {
    let asking = false;
    const ask = async () => {
      if (document.visibilityState !== "visible" || asking || drawing) return;
      asking = true;
      try {
        const answer = await fetch(`/meetings/${meeting}/pulse`, { cache: "no-store", redirect: "error" });
        if (!answer.ok) throw new Error(`pulse answered ${answer.status}`);
        const now = await answer.text();
        setLost(false);
        if (now !== mark) draw(() => router.refresh());
      } catch {
        // Offline, or the portal restarts: said on the screen, and asked again.
        setLost(true);
      } finally {
        asking = false;
      }
    };
    const timer = setInterval(ask, every);
    const onSeen = () => void ask();
    document.addEventListener("visibilitychange", onSeen);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", onSeen);
    };
  }, [meeting, mark, drawing, router]);
  return lost ? (
    <Notice tone="care" live>
      The portal does not answer just now; what you see may be old. Trying again.
    </Notice>
  ) : null;
}
