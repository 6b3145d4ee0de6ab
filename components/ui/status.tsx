import type { LucideIcon } from "lucide-react";
import { iconOf, lookOf, type State } from "./states";

/**
 * A state as icon and word. `tag` outlines it (headers, the one state that needs attention); hatched states are always tags.
 * `word` replaces the word where the number belongs to it: "Deny, 3 reasons".
 */
export function Status({ state, tag = false, word }: { state: State; tag?: boolean; word?: string }) {
  const { role, word: usual, dash } = lookOf(state);
  const Icon: LucideIcon = iconOf[state];
  const text = word ?? usual;
  if (role === "hatch") {
    return (
      <span className="tag unk">
        <b>
          <Icon className="i" aria-hidden="true" />
          {text}
        </b>
      </span>
    );
  }
  return (
    <span className={tag ? `tag ${role}${dash ? " dash" : ""}` : `st ${role}`}>
      <Icon className="i" aria-hidden="true" />
      {text}
    </span>
  );
}
