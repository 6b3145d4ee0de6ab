"use client";
import { Moon, Sun } from "lucide-react";

const systemIsDark = () => window.matchMedia("(prefers-color-scheme: dark)").matches;

const isDark = () => {
  const set = document.documentElement.dataset.theme;
  return set === "light" || set === "dark" ? set === "dark" : systemIsDark();
};

/**
 * Puts the page into the other theme and remembers it in a cookie, which the server reads. The system's own theme is
 * remembered as "system", so that going back follows the system again.
 */
export function ThemeToggle() {
  return (
    <button
      type="button"
      className="ib"
      aria-label="Switch theme"
      title="Switch theme"
      onClick={() => {
        const wanted = isDark() ? "light" : "dark";
        const next = wanted === (systemIsDark() ? "dark" : "light") ? "system" : wanted;
        if (next === "system") delete document.documentElement.dataset.theme;
        else document.documentElement.dataset.theme = next;
        // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser we support
        document.cookie = `theme=${next}; path=/; max-age=31536000; samesite=lax`;
      }}
    >
      <Sun className="i s16 when-light" aria-hidden="true" />
      <Moon className="i s16 when-dark" aria-hidden="true" />
    </button>
  );
}
