import { ActionForm } from "@/components/ui/action-form";
import { DateField, TextArea, TextField } from "@/components/ui/field";
import { Status } from "@/components/ui/status";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import type { Actor } from "@/lib/core/actor";
import { mayAccept, mayDeprecate, mayReaffirm, mayReject, maySupersede } from "@/lib/decisions/decision";
import type { getAdr } from "@/lib/decisions/queries";
import { accept, deprecate, reaffirm, reject, supersede } from "../actions";

type Adr = Awaited<ReturnType<typeof getAdr>>;

/** Where the record stands, and what the reader can do about it. Judging binds to the digest that is on the page. */
export function SignOff({ adr, actor }: { adr: Adr; actor: Actor }) {
  const { subject } = adr;
  return (
    <section className="ds">
      <div className="row">
        <h2>Sign-off</h2>
        <span className="sp" />
        <Status state={adr.status} />
      </div>
      {adr.decidedAt ? (
        <p className="ink2">
          {adr.status === "rejected" ? "Rejected" : "Accepted"} <When at={adr.decidedAt} />. The text is locked; a new
          record can supersede it.
        </p>
      ) : (
        <p className="ink2">
          Not accepted yet. Anyone who may write decisions can revise it; someone who did not write it accepts it.
        </p>
      )}
      {adr.status === "proposed" ? <Judge adr={adr} actor={actor} /> : null}
      {adr.status === "accepted" || adr.status === "deprecated" ? (
        <>
          {adr.status === "accepted" ? (
            <Way title="It still holds" verdict={mayReaffirm(actor, subject)}>
              <ActionForm
                action={reaffirm}
                submit="Say so"
                tone="outlined"
                hidden={{ ref: adr.ref, digest: subject.digest }}
              >
                <DateField name="reviewBy" label="Look at it again by" />
                <TextArea name="note" label="Why it still holds" rows={2} />
              </ActionForm>
            </Way>
          ) : null}
          <Way title="Supersede" verdict={maySupersede(actor, subject)}>
            <ActionForm action={supersede} submit="Supersede" tone="outlined" hidden={{ ref: adr.ref }}>
              <TextField name="by" label="Accepted record that replaces it" placeholder="ADR-0064" mono />
            </ActionForm>
          </Way>
          {adr.status === "accepted" ? (
            <Way title="Deprecate" verdict={mayDeprecate(actor, subject)}>
              <ActionForm action={deprecate} submit="Deprecate" tone="outlined" hidden={{ ref: adr.ref }}>
                <TextArea name="reason" label="Reason" rows={2} />
              </ActionForm>
            </Way>
          ) : null}
        </>
      ) : null}
    </section>
  );
}

function Judge({ adr, actor }: { adr: Adr; actor: Actor }) {
  const may = mayAccept(actor, adr.subject);
  if (!may.ok) return <WhyButton label="Accept" reason={may.reason} full />;
  return (
    <>
      <ActionForm
        action={accept}
        submit="Accept"
        full
        hidden={{ ref: adr.ref, digest: adr.subject.digest }}
        confirm={{
          title: `Accept ${adr.ref}?`,
          text: `You accept revision ${adr.revision}, exactly as it reads now. Its text is locked afterwards.`,
          yes: "Accept",
        }}
      >
        <DateField name="reviewBy" label="Look at it again by" optional />
      </ActionForm>
      <Way title="Reject" verdict={mayReject(actor, adr.subject)}>
        <ActionForm
          action={reject}
          submit="Reject"
          tone="outlined"
          hidden={{ ref: adr.ref, digest: adr.subject.digest }}
        >
          <TextArea name="reason" label="Reason" rows={3} />
        </ActionForm>
      </Way>
    </>
  );
}

function Way({
  title,
  verdict,
  children,
}: {
  title: string;
  verdict: { ok: true } | { ok: false; reason: string };
  children: React.ReactNode;
}) {
  if (!verdict.ok) return <WhyButton label={title} reason={verdict.reason} />;
  return (
    <details style={{ marginTop: 12 }}>
      <summary>{title}</summary>
      <div style={{ marginTop: 8 }}>{children}</div>
    </details>
  );
}
