import { z } from "zod";
import { Refusal } from "@/lib/core/refusal";
import { whole } from "@/lib/core/whole";
import { type SectionId, sectionTitle } from "./sections";
import { diagramsIn, type Submission } from "./submission";

export const Diagram = whole(z.number().int().min(1).max(100)).describe(
  "Which diagram of that section it is about, counted from 1",
);

type Anchor = { section?: SectionId | null | undefined; diagram?: number | null | undefined };

/** What a comment or finding is about, in words; null when it is about the whole. */
export const anchorName = ({ section, diagram }: Anchor): string | null =>
  section ? `${sectionTitle(section)}${diagram ? `, diagram ${diagram}` : ""}` : null;

/** A diagram is one of a section's, and must be there. */
export function insistAnchor(submission: Submission, { section, diagram }: Anchor): void {
  if (!diagram) return;
  const there = section ? diagramsIn(submission[section]) : 0;
  if (diagram > there)
    throw new Refusal(
      "invalid",
      section
        ? `“${sectionTitle(section)}” holds ${there === 0 ? "no diagram" : there === 1 ? "one diagram" : `${there} diagrams`}.`
        : "Name the section that the diagram is in.",
      [{ field: "diagram", message: "There is no such diagram." }],
    );
}
