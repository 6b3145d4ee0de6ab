import { CircleCheck, CircleX, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

const icons = { info: Info, pass: CircleCheck, fail: CircleX, care: TriangleAlert };

/** A line that stays where it belongs; there are no toasts. `live` announces it to screen readers when it appears. */
export function Notice({
  tone = "info",
  children,
  action,
  live = false,
}: {
  tone?: keyof typeof icons;
  children: ReactNode;
  action?: ReactNode;
  live?: boolean;
}) {
  const Icon = icons[tone];
  return (
    <div className={`notice ${tone}`} role={live ? (tone === "fail" ? "alert" : "status") : undefined}>
      <Icon className="i" aria-hidden="true" />
      <div>{children}</div>
      {action ?? null}
    </div>
  );
}
