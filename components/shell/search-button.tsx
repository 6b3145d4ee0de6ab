"use client";
import dynamic from "next/dynamic";
import { type ReactNode, useEffect, useState } from "react";

// The palette weighs more than the page around it; it arrives with the first use.
const Palette = dynamic(() => import("./palette").then((m) => m.Palette), { ssr: false });

/** Opens search. The wide one also listens for Ctrl K and ⌘K. */
export function SearchButton({ compact = false, children }: { compact?: boolean; children: ReactNode }) {
  const [open, setOpen] = useState(false);
  const [used, setUsed] = useState(false);
  useEffect(() => {
    if (compact) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === "k" && (event.metaKey || event.ctrlKey)) {
        event.preventDefault();
        setUsed(true);
        setOpen((was) => !was);
      }
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [compact]);
  return (
    <>
      <button
        type="button"
        className={compact ? "ib" : "cmd"}
        aria-label={compact ? "Search" : "Find a model, decision, digest or person"}
        aria-haspopup="dialog"
        onClick={() => {
          setUsed(true);
          setOpen(true);
        }}
      >
        {children}
      </button>
      {used ? <Palette open={open} onOpenChange={setOpen} /> : null}
    </>
  );
}
