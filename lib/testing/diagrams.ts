import DOMPurify from "dompurify";
import mermaid from "mermaid";

// Outside a browser the purifier has no document and comes without its methods. Parsing asks for two of them; what is
// parsed here is our own text, and nothing is drawn.
Object.assign(DOMPurify, { addHook: () => undefined, sanitize: (text: string) => text });

/** Parses a diagram with the library that draws it; throws what the reader would be shown. */
export const parseDiagram = (source: string): Promise<unknown> => mermaid.parse(source);
