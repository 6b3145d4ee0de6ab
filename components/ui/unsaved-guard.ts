"use client";
import { useCallback, useEffect, useRef } from "react";

const question = "What you typed here is not saved. Leave the page?";

/** Asks before typed text is left behind: on closing the tab and on following a link of ours. */
export function useUnsavedGuard(active: boolean): { touched: () => void; settled: () => void } {
  const dirty = useRef(false);
  useEffect(() => {
    if (!active) return;
    const onLeave = (event: BeforeUnloadEvent) => {
      if (dirty.current) event.preventDefault();
    };
    const onClick = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
      if (!dirty.current || !link || link.getAttribute("target") === "_blank" || event.metaKey || event.ctrlKey) return;
      if (link.getAttribute("href")?.startsWith("#")) return;
      if (window.confirm(question)) dirty.current = false;
      else {
        event.preventDefault();
        event.stopPropagation();
      }
    };
    window.addEventListener("beforeunload", onLeave);
    // Before the router sees the click.
    document.addEventListener("click", onClick, true);
    return () => {
      window.removeEventListener("beforeunload", onLeave);
      document.removeEventListener("click", onClick, true);
    };
  }, [active]);
  return {
    touched: useCallback(() => {
      dirty.current = true;
    }, []),
    settled: useCallback(() => {
      dirty.current = false;
    }, []),
  };
}
