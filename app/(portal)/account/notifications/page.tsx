import type { Metadata } from "next";
import { ZoneField } from "@/components/notifications/zone-field";
import { ActionForm } from "@/components/ui/action-form";
import { ButtonLink } from "@/components/ui/button";
import { SelectField } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { Page, PageHead } from "@/components/ui/page";
import { pageContext } from "@/lib/auth/context";
import { config } from "@/lib/config/config";
import { timeZones } from "@/lib/core/zone";
import {
  askKinds,
  isLoud,
  kindName,
  mailChoiceName,
  mailChoices,
  type NoticeKind,
  tellKinds,
} from "@/lib/notifications/notification";
import { notificationPreferences, type Preferences } from "@/lib/notifications/preferences";
import { keepPreferences } from "./actions";

export const metadata: Metadata = { title: "My notifications" };

const choices = mailChoices.map((value) => ({ value, label: mailChoiceName[value] }));
const hours = Array.from({ length: 24 }, (_, h) => ({ value: String(h), label: `${String(h).padStart(2, "0")}:00` }));

export default async function MyNotificationsPage() {
  const ctx = await pageContext();
  const mine = await notificationPreferences(ctx, {});
  return (
    <Page name="notices">
      <PageHead
        title="My notifications"
        lede="The portal shows all of them. Choose what comes by mail as well, and when. Emergencies at the gate always come at once, in quiet hours too."
        actions={<ButtonLink href="/notifications">See my notifications</ButtonLink>}
      />
      {config().mailFrom === null ? (
        <Notice tone="info">
          This portal sends no mail yet. What you choose counts once an administrator has set SMTP_URL.
        </Notice>
      ) : null}
      <ActionForm action={keepPreferences} submit="Keep" keep guard label="My notifications">
        <Choices title="What is asked of you" kinds={askKinds} mine={mine} />
        <Choices title="What you are told" kinds={tellKinds} mine={mine} />
        <h2>When</h2>
        <div className="choices">
          <ZoneField zones={timeZones()} defaultValue={mine.timeZone} />
          <SelectField
            name="digestHour:number"
            label="Hour of the daily digest"
            options={hours}
            defaultValue={String(mine.digestHour)}
          />
          <SelectField
            name="quietFrom:null"
            label="Quiet from"
            hint="Until they end, nothing is mailed at once."
            optional
            blank="No quiet hours"
            options={hours}
            defaultValue={mine.quietFrom === null ? "" : String(mine.quietFrom)}
          />
          <SelectField
            name="quietUntil:null"
            label="Quiet until"
            optional
            blank="No quiet hours"
            options={hours}
            defaultValue={mine.quietUntil === null ? "" : String(mine.quietUntil)}
          />
        </div>
      </ActionForm>
    </Page>
  );
}

function Choices({ title, kinds, mine }: { title: string; kinds: readonly NoticeKind[]; mine: Preferences }) {
  return (
    <>
      <h2>{title}</h2>
      <div className="choices">
        {kinds
          .filter((kind) => !isLoud(kind))
          .map((kind) => (
            <SelectField
              key={kind}
              name={`mail.${kind}`}
              label={kindName[kind]}
              options={choices}
              defaultValue={mine.mail[kind]}
            />
          ))}
      </div>
    </>
  );
}
