"use client";
import * as Radix from "@radix-ui/react-dialog";
import { X } from "lucide-react";
import type { ReactNode } from "react";

/** A question or form over the page. Esc and the scrim close it; focus goes back to where it came from. */
export function Dialog({
  title,
  text,
  open,
  onOpenChange,
  children,
}: {
  title: string;
  text?: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  children: ReactNode;
}) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="scrim" />
        <Radix.Content className="dialog" {...(text ? {} : { "aria-describedby": undefined })}>
          <div className="row">
            <Radix.Title asChild>
              <h2>{title}</h2>
            </Radix.Title>
            <span className="sp" />
            <Radix.Close className="ib" aria-label="Close">
              <X className="i s16" aria-hidden="true" />
            </Radix.Close>
          </div>
          {text ? <Radix.Description className="ink2">{text}</Radix.Description> : null}
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
