"use client";
import { Button } from "./button";
import { Dialog } from "./dialog";

/** "Are you sure", with the consequence in words and the verb on the button. */
export function Confirm({
  title,
  text,
  yes,
  onYes,
  onNo,
}: {
  title: string;
  text: string;
  yes: string;
  onYes: () => void;
  onNo: () => void;
}) {
  return (
    <Dialog title={title} text={text} open onOpenChange={(open) => (open ? undefined : onNo())}>
      <div className="form-foot">
        <Button tone="primary" onClick={onYes}>
          {yes}
        </Button>
        <Button onClick={onNo}>Cancel</Button>
      </div>
    </Dialog>
  );
}
