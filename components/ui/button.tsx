import type { ComponentProps, ReactNode } from "react";
import Link from "./link";

/** primary: the one filled button of a view. act: a row's action. ghost: least. outlined: everything else. */
export type Tone = "primary" | "outlined" | "act" | "ghost";

type Look = { tone?: Tone; size?: "normal" | "large"; full?: boolean };

const tones: Record<Tone, string> = { primary: " pri", outlined: "", act: " act", ghost: " q" };

export const buttonClass = ({ tone = "outlined", size = "normal", full = false }: Look, more = ""): string =>
  `btn${tones[tone]}${size === "large" ? " lg" : ""}${full ? " full" : ""}${more ? ` ${more}` : ""}`;

export function Button({ tone, size, full, className, type = "button", ...rest }: Look & ComponentProps<"button">) {
  return <button type={type} className={buttonClass({ tone, size, full }, className)} {...rest} />;
}

/** A link that looks like a button: goes somewhere, changes nothing. */
export function ButtonLink({
  tone,
  size,
  full,
  className,
  ...rest
}: Look & Omit<ComponentProps<typeof Link>, "className"> & { className?: string }) {
  return <Link className={buttonClass({ tone, size, full }, className)} {...rest} />;
}

/** A square button with only an icon; `label` is its name for everyone who does not see the icon. */
export function IconButton({
  label,
  children,
  ...rest
}: { label: string; children: ReactNode } & ComponentProps<"button">) {
  return (
    <button type="button" className="ib" aria-label={label} title={label} {...rest}>
      {children}
    </button>
  );
}
