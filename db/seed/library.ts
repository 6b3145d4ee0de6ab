import { getGuide } from "@/lib/guidance/reads";
import { libraryText } from "@/lib/library/reads";
import { reviseContent } from "@/lib/library/revise";
import type { World } from "./world";

/** The organisation has put a paragraph of its own into one standard. */
export function planLibrary(world: World): void {
  world.plan(world.before(40, 10), "revise the naming standard", async () => {
    const architect = world.as("Tomasz Wieczorek");
    const { kind, id, digest } = await getGuide(architect, { id: "naming" });
    const { text } = await libraryText(architect, { kind, id, digest });
    await reviseContent(architect, {
      kind,
      id,
      over: digest,
      reason: "Our registry was here before the standard: old names stay until the model is next retrained.",
      content: `${text.trimEnd()}\n\n## At Halden\n\nModels that were registered before 2024 keep their names until they are next retrained. The inventory joins both names meanwhile.\n`,
    });
  });
}
