"use client";
import * as Popover from "@radix-ui/react-popover";
import { type ReactNode, useRef, useState } from "react";

/** Where a value came from: dotted underline, opens on hover, focus and tap. */
export function Provenance({
  children,
  title,
  items,
}: {
  children: ReactNode;
  title: string;
  items: readonly { key: string; value: ReactNode }[];
}) {
  const [open, setOpen] = useState(false);
  const leaving = useRef<ReturnType<typeof setTimeout>>(undefined);
  const enter = () => {
    clearTimeout(leaving.current);
    setOpen(true);
  };
  const leave = () => {
    leaving.current = setTimeout(() => setOpen(false), 150);
  };
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <button type="button" className="src" onMouseEnter={enter} onMouseLeave={leave} onFocus={enter} onBlur={leave}>
          {children}
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="pop"
          side="bottom"
          align="start"
          sideOffset={6}
          collisionPadding={16}
          aria-label={title}
          onMouseEnter={enter}
          onMouseLeave={leave}
          // Hover and focus must not move the reader's focus away from the text.
          onOpenAutoFocus={(event) => event.preventDefault()}
          onCloseAutoFocus={(event) => event.preventDefault()}
        >
          <b className="b">{title}</b>
          <dl className="tg2">
            {items.flatMap((item) => [<dt key={`${item.key} k`}>{item.key}</dt>, <dd key={item.key}>{item.value}</dd>])}
          </dl>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
