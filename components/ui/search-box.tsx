"use client";
import { Search } from "lucide-react";
import { parseAsString, useQueryStates } from "nuqs";
import { useEffect, useState, useTransition } from "react";

const parsers = { q: parseAsString, after: parseAsString };

/** Text filter of a list, `?q=` in the address; the list follows while one types. */
export function SearchBox({ label, placeholder }: { label: string; placeholder?: string }) {
  const [busy, startTransition] = useTransition();
  const [values, set] = useQueryStates(parsers, { shallow: false, history: "replace", startTransition });
  const [text, setText] = useState(values.q ?? "");
  useEffect(() => {
    if (text === (values.q ?? "")) return;
    const timer = setTimeout(() => void set({ q: text || null, after: null }), 250);
    return () => clearTimeout(timer);
  }, [text, values.q, set]);
  return (
    <label className="find-in" aria-busy={busy}>
      <Search className="i" aria-hidden="true" />
      <input
        type="search"
        aria-label={label}
        placeholder={placeholder ?? label}
        maxLength={200}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </label>
  );
}
