import { ActionForm } from "@/components/ui/action-form";
import { Empty } from "@/components/ui/empty";
import { KeyValues } from "@/components/ui/key-values";
import { Section } from "@/components/ui/page";
import { Table } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import type { Actor } from "@/lib/core/actor";
import type { FormState } from "@/lib/http/form-action";
import { type DeliveryHealth, mayResend, stateName } from "@/lib/notifications/notification";

/** What was told, what waits to go out, and what did not get through. */
export function DeliveryHealthSection({
  health,
  actor,
  again,
}: {
  health: DeliveryHealth;
  actor: Actor;
  again: (before: FormState, form: FormData) => Promise<FormState>;
}) {
  return (
    <Section title="Notifications" note={`${health.sentToday.toLocaleString("en")} sent in the last day`}>
      <KeyValues
        items={[
          { key: "Mail", value: health.mail ? "goes out" : "is not set up: SMTP_URL is missing" },
          {
            key: "Entries to go through",
            value: health.behind === 0 ? "none" : health.behind.toLocaleString("en"),
          },
          {
            key: "Waiting to go out",
            value: health.oldest ? (
              <>
                {health.waiting}, the oldest since <When at={health.oldest} show="relative" />
              </>
            ) : (
              "none"
            ),
          },
          { key: "Not delivered", value: health.trouble === 0 ? "none" : health.trouble },
        ]}
      />
      <Table
        label="Notifications that did not get through"
        columns={[
          { id: "to", name: "To" },
          { id: "about", name: "About" },
          { id: "state", name: "State" },
          { id: "answer", name: "What the server said" },
          { id: "attempts", name: "Attempts", num: true },
          { id: "at", name: "When" },
          { id: "again", name: "Send again" },
        ]}
        rows={health.troubles.map((t) => {
          const verdict = mayResend(actor, t);
          return {
            id: t.id,
            name: t.about,
            cells: {
              to: t.to,
              about: t.about,
              state: stateName[t.state],
              answer: t.answer,
              attempts: t.attempts,
              at: <When at={t.at} show="relative" />,
              again: verdict.ok ? (
                <ActionForm
                  action={again}
                  submit="Send again"
                  tone="outlined"
                  hidden={{ id: t.id }}
                  label={`Send ${t.about} to ${t.to} again`}
                  confirm={
                    t.state === "uncertain"
                      ? { title: "Send it again?", text: "It may have arrived already.", yes: "Send again" }
                      : undefined
                  }
                />
              ) : (
                <WhyButton label="Send again" reason={verdict.reason} />
              ),
            },
          };
        })}
        empty={<Empty title="Everything got through">What is refused or uncertain will stand here.</Empty>}
      />
    </Section>
  );
}
