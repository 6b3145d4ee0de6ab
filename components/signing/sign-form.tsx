"use client";
import { ExternalLink, Fingerprint } from "lucide-react";
import { type FormEvent, type ReactNode, startTransition, useActionState } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { KeyPrint, shortFingerprint } from "@/components/ui/sig-mark";
import type { SigningState } from "@/lib/signing/signing-state";

const idle: SigningState = { status: "idle", message: "", opened: null };
export type SigningAction = (before: SigningState, form: FormData) => Promise<SigningState>;

/** Sends by hand: a form with only an action is emptied by React afterwards, and a refusal must keep what was typed. */
function submitted(event: FormEvent<HTMLFormElement>, send: (form: FormData) => void): void {
  event.preventDefault();
  const form = new FormData(event.currentTarget);
  startTransition(() => send(form));
}

/**
 * Words a statement, shows the print and code that the signing page must show too, and leads there. `children` are the form's fields;
 * `below` stands under its button.
 */
export function SignForm({
  label,
  note,
  open,
  signDemo,
  large = true,
  below,
  children,
}: {
  label: string;
  note: string;
  open: SigningAction;
  signDemo: SigningAction;
  large?: boolean;
  below?: ReactNode;
  children: ReactNode;
}) {
  const [state, send, pending] = useActionState(open, idle);
  const [demo, sendDemo, signing] = useActionState(signDemo, idle);
  const { opened } = state;
  if (demo.status === "done")
    return (
      <Notice tone="pass" live>
        {demo.message}
      </Notice>
    );
  return (
    <div>
      <form action={send} onSubmit={(event) => submitted(event, send)}>
        {children}
        <Button
          type="submit"
          tone={opened || !large ? "outlined" : "primary"}
          size={large ? "large" : "normal"}
          full={large}
          disabled={pending}
        >
          <Fingerprint className="i s16" aria-hidden="true" />
          {pending ? "Wording the statement" : opened ? "Word it again" : label}
        </Button>
        {below}
      </form>
      <p className="lbl" style={{ marginTop: 8 }}>
        {note}
      </p>
      {state.status === "refused" ? (
        <div style={{ marginTop: 12 }}>
          <Notice tone="fail" live>
            {state.message}
          </Notice>
        </div>
      ) : null}
      {opened ? (
        <div aria-live="polite">
          <div className="row" style={{ margin: "14px 0", gap: 12 }}>
            <KeyPrint hash={opened.paeSha256} bars={9} of="the statement" size="medium" />
            <div>
              <div className="mono" style={{ fontSize: 14 }}>
                {opened.code}
              </div>
              <div className="lbl">The signing page must show the same.</div>
            </div>
          </div>
          {opened.keyKind === "passkey" ? (
            <a
              className="btn pri lg full"
              href={opened.url}
              target="_blank"
              rel="noreferrer"
              style={large ? undefined : { maxWidth: 320 }}
            >
              <ExternalLink className="i s16" aria-hidden="true" />
              Open the signing page
            </a>
          ) : (
            <DemoKey
              opened={opened}
              send={sendDemo}
              pending={signing}
              refused={demo.status === "refused" ? demo.message : ""}
            />
          )}
        </div>
      ) : null}
    </div>
  );
}

/** A persona of the demo has a software key in the portal's folder; the text is read here, since there is no passkey to ask. */
function DemoKey({
  opened,
  send,
  pending,
  refused,
}: {
  opened: NonNullable<SigningState["opened"]>;
  send: (form: FormData) => void;
  pending: boolean;
  refused: string;
}) {
  return (
    <form action={send} onSubmit={(event) => submitted(event, send)}>
      <input type="hidden" name="token" value={opened.token} />
      <Notice tone="care">
        Demo: this signs with the software key {shortFingerprint(opened.kid)} that the portal keeps for this persona.
        Outside the demo only passkeys count. Add a passkey under Account, Keys to see the real signing page.
      </Notice>
      <details style={{ margin: "8px 0" }}>
        <summary>
          Read the statement: {opened.lines.length} lines, {opened.bytes.toLocaleString("en")} bytes
        </summary>
        <dl className="kvs">
          {opened.lines.map((line) => (
            <div key={`${line.label}${line.value}`}>
              <dt>{line.label}</dt>
              <dd className={line.mono ? "mono" : undefined} style={{ overflowWrap: "anywhere" }}>
                {line.value}
              </dd>
            </div>
          ))}
        </dl>
      </details>
      <Button type="submit" tone="primary" size="large" full disabled={pending}>
        {pending ? "Signing" : "Sign with the demo key"}
      </Button>
      {refused ? (
        <div style={{ marginTop: 12 }}>
          <Notice tone="fail" live>
            {refused}
          </Notice>
        </div>
      ) : null}
    </form>
  );
}
