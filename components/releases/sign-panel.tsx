"use client";
import { useState } from "react";
import { SignForm, type SigningAction } from "@/components/signing/sign-form";
import { Button } from "@/components/ui/button";

/** "Read and sign" of a release, or its rejection with a reason. */
export function SignPanel({
  release,
  roles,
  note,
  open,
  signDemo,
}: {
  release: string;
  roles: readonly { value: string; label: string }[];
  note: string;
  open: SigningAction;
  signDemo: SigningAction;
}) {
  const [rejecting, setRejecting] = useState(false);
  return (
    <SignForm
      label={rejecting ? "Read and reject" : "Read and sign"}
      note={note}
      open={open}
      signDemo={signDemo}
      below={
        <Button tone="ghost" full style={{ marginTop: 8 }} onClick={() => setRejecting(!rejecting)}>
          {rejecting ? "Approve instead" : "Reject instead"}
        </Button>
      }
    >
      <input type="hidden" name="release" value={release} />
      <input type="hidden" name="decision" value={rejecting ? "REJECT" : "APPROVE"} />
      {roles.length > 1 ? (
        <div className="field" style={{ marginBottom: 12 }}>
          <label htmlFor="sign-role">Sign as</label>
          <select id="sign-role" name="role" className="inp">
            {roles.map((r) => (
              <option key={r.value} value={r.value}>
                {r.label}
              </option>
            ))}
          </select>
        </div>
      ) : null}
      {rejecting ? (
        <div className="field" style={{ marginBottom: 12 }}>
          <label htmlFor="sign-reason">Why do you reject?</label>
          <textarea id="sign-reason" name="reason" className="inp record" required minLength={10} maxLength={2000} />
        </div>
      ) : null}
    </SignForm>
  );
}
