"use client";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { Notice } from "@/components/ui/notice";

const every = 2500;

/** Follows a meeting: asks for its mark every few seconds while the page is seen, and draws it anew when it changed. */
export function Pulse({ meeting, mark }: { meeting: string; mark: string }) {
  const router = useRouter();
  const [lost, setLost] = useState(false);
  useEffect(() => {
    let seen = mark;
    let asking = false;
    const ask = async () => {
      if (document.visibilityState !== "visible" || asking) return;
      asking = true;
      try {
        const answer = await fetch(`/meetings/${meeting}/pulse`, { cache: "no-store", redirect: "error" });
        if (!answer.ok) throw new Error(`pulse answered ${answer.status}`);
        const now = await answer.text();
        setLost(false);
        if (now !== seen) {
          seen = now;
          router.refresh();
        }
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
  }, [meeting, mark, router]);
  return lost ? (
    <Notice tone="care" live>
      The portal does not answer just now; what you see may be old. Trying again.
    </Notice>
  ) : null;
}
