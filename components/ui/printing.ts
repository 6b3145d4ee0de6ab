/** Work that a page has to do before it can be printed, such as drawing a diagram that nobody has scrolled to. */
type Wait = (work: Promise<void>) => void;

const asked = "countersign:print";

/** Asks everything on the page to make itself ready for paper, and waits for it. */
export async function readyForPaper(): Promise<void> {
  const works: Promise<void>[] = [];
  const wait: Wait = (work) => void works.push(work);
  window.dispatchEvent(new CustomEvent(asked, { detail: wait }));
  await Promise.all(works);
}

/** Has `work` done before the page is printed; answers how to take that back. */
export function beforePaper(work: () => Promise<void>): () => void {
  const listen = (event: Event) => {
    if (event instanceof CustomEvent && typeof event.detail === "function") event.detail(work());
  };
  window.addEventListener(asked, listen);
  return () => window.removeEventListener(asked, listen);
}
