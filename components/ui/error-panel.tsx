"use client";
import { CircleX } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTransition } from "react";
import { Button } from "./button";

/** Something failed: what, what you see instead and how old it is, code and request id, and Try again. */
export function ErrorPanel({
  what,
  instead,
  code,
  requestId,
  retry,
}: {
  what: string;
  instead: string;
  code?: string;
  requestId?: string;
  /** Default: asks the server for this page again. */
  retry?: () => void;
}) {
  const router = useRouter();
  const [busy, start] = useTransition();
  const trace = [code, requestId ? `request ${requestId}` : ""].filter(Boolean).join(", ");
  return (
    <div className="errbox" role="alert">
      <CircleX className="i" aria-hidden="true" />
      <div>
        <b className="b">{what}</b>
        <div className="ink2">{instead}</div>
        {trace ? (
          <div className="mono mut" style={{ marginTop: 4 }}>
            {trace}
          </div>
        ) : null}
      </div>
      <Button disabled={busy} onClick={() => start(() => (retry ? retry() : router.refresh()))}>
        {busy ? "Trying" : "Try again"}
      </Button>
    </div>
  );
}
