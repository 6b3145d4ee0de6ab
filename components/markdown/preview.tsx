"use client";
import { useMemo } from "react";
import { renderMarkdown } from "@/lib/markdown/render";
import { Pieces } from "./pieces";

/** The same pieces as Markdown's, made in the browser while one writes. */
export function MarkdownPreview({ source, base = 3 }: { source: string; base?: number }) {
  return <Pieces pieces={useMemo(() => renderMarkdown(source, { base, prefix: "preview" }), [source, base])} />;
}
