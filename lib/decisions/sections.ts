import { anchorIds } from "@/lib/markdown/outline";
import type { Section } from "./madr";

/** The sections with the anchors that the record's page gives them, where the title is not part of the text. */
export function sectionAnchors(sections: readonly Section[]): { id: string; title: string; level: number }[] {
  const take = anchorIds();
  return sections.map(({ title, level }) => ({ id: take(title), title: title.slice(0, 300) || "Section", level }));
}
