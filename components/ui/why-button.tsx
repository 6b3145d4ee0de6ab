import { CircleCheck, CircleDashed, Lock } from "lucide-react";
import { useId } from "react";
import { Button, type Tone } from "./button";
import Link from "./link";

/** One thing a disabled button waits for. `href` is where it can be mended; `met` ones are ticked. */
export type Missing = { text: string; href?: string; met?: boolean };

/**
 * A button that cannot be used now and says why. It stays in the tab order, and its reasons are its description.
 * `reason` is a verdict's sentence; `missing` is the full list where there is one.
 */
export function WhyButton({
  label,
  reason,
  missing = [],
  size,
  full,
  tone,
}: {
  label: string;
  reason?: string;
  missing?: readonly Missing[];
  size?: "normal" | "large";
  full?: boolean;
  tone?: Tone;
}) {
  const id = useId();
  const items: readonly Missing[] = missing.length > 0 ? missing : [{ text: reason ?? "Not possible now." }];
  return (
    <div>
      <Button
        tone={tone === "primary" ? "outlined" : tone}
        size={size}
        full={full}
        aria-disabled="true"
        aria-describedby={id}
      >
        <Lock className="i" aria-hidden="true" />
        {label}
      </Button>
      <ul className="why" id={id}>
        {items.map((item) => (
          <li key={item.text}>
            {item.met ? (
              <CircleCheck className="i" aria-label="Done:" />
            ) : (
              <CircleDashed className="i" aria-label="Missing:" />
            )}
            <span>{item.href ? <Link href={item.href}>{item.text}</Link> : item.text}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
