"use client";
import { useEffect } from "react";

/** Whether keys are text just now: in a field, a menu or a dialog. */
const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.closest("input:not([type=checkbox]), textarea, select, [role=dialog], [role=menu]") !== null);

const rowLinks = (): HTMLElement[] =>
  [...document.querySelectorAll<HTMLElement>("main table.t tbody tr")].flatMap((row) => {
    const link = row.querySelector<HTMLElement>("a[href]");
    return link && link.offsetParent !== null ? [link] : [];
  });

/**
 * Keys of a list: j and k go to the next and the row before, Enter opens it (it is a link), x selects it, / goes to the filter.
 * The focus is the place, so it shows, and a screen reader follows.
 */
export function ListKeys() {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || typing(event.target)) return;
      if (event.key === "/") {
        const find = document.querySelector<HTMLInputElement>("main input[type=search]");
        if (!find) return;
        event.preventDefault();
        find.focus();
        find.select();
        return;
      }
      if (event.key === "x") {
        const row = document.activeElement?.closest("tr");
        row?.querySelector<HTMLInputElement>("input[type=checkbox]")?.click();
        return;
      }
      if (event.key !== "j" && event.key !== "k") return;
      const links = rowLinks();
      const here = links.findIndex((link) => link.closest("tr")?.contains(document.activeElement) ?? false);
      const next = event.key === "j" ? here + 1 : Math.max(0, here - 1);
      const link = links[Math.min(next, links.length - 1)];
      if (!link) return;
      event.preventDefault();
      link.focus();
      link.closest("tr")?.scrollIntoView({ block: "nearest" });
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  return null;
}
