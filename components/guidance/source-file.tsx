import { Markdown } from "@/components/markdown/markdown";

/** A text file as it is read: Markdown as prose, all else as a code block, whatever fences it holds itself. */
export function SourceFile({ path, text, prose }: { path: string; text: string; prose: boolean }) {
  return <Markdown source={prose ? text : fenced(path, text)} base={3} />;
}

function fenced(path: string, text: string): string {
  if (text === "") return "*This file is empty.*";
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((m) => m[0].length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${languages[path.slice(path.lastIndexOf(".") + 1)] ?? ""}\n${text.replace(/\n$/, "")}\n${fence}`;
}

const languages: Readonly<Record<string, string>> = {
  py: "python",
  yml: "yaml",
  yaml: "yaml",
  toml: "toml",
  json: "json",
  sh: "sh",
};
