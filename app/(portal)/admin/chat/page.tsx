import type { Metadata } from "next";
import { ActionForm } from "@/components/ui/action-form";
import { Empty } from "@/components/ui/empty";
import { CheckList, SelectField, TextField } from "@/components/ui/field";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { pageContext } from "@/lib/auth/context";
import { channelList } from "@/lib/notifications/channels";
import { chatKinds, chatSystemName, chatSystems } from "@/lib/notifications/chat";
import { kindName } from "@/lib/notifications/notification";
import { listUnits } from "@/lib/units/queries";
import { orNotFound } from "../../not-found-if";
import { add, pause, remove, tryOut } from "./actions";

export const metadata: Metadata = { title: "Chat channels" };

export default async function ChatPage() {
  const ctx = await pageContext();
  const [{ items }, units] = await Promise.all([orNotFound(channelList, ctx, {}), listUnits(ctx, {})]);
  return (
    <Page name="admin">
      <PageHead
        title="Chat channels"
        lede="A channel is told of what happens in a business unit, whoever reads it there. Choose channels that only those see who may."
      />
      <Table
        label="Chat channels"
        columns={[
          { id: "name", name: "Channel" },
          { id: "of", name: "Told of" },
          { id: "state", name: "State" },
          { id: "sent", name: "Said", num: true },
          { id: "act", name: "What to do" },
        ]}
        rows={items.map((c) => ({
          id: c.id,
          name: c.name,
          cells: {
            name: (
              <>
                {c.name} <span className="lbl">{c.host}</span>
              </>
            ),
            of: `${c.unit ?? "The whole organisation"}: ${c.kinds.map((kind) => kindName[kind].toLowerCase()).join(", ")}`,
            state: c.paused ? (
              <Status state="unknown" word="Paused" />
            ) : c.trouble ? (
              <>
                <Status state="fail" word="Did not get through" /> {c.trouble}
              </>
            ) : (
              <Status state="pass" word="Told" />
            ),
            sent: c.sent,
            act: (
              <>
                <ActionForm
                  action={tryOut}
                  submit="Send a test message"
                  tone="outlined"
                  hidden={{ id: c.id }}
                  label={`Test ${c.name}`}
                />
                <ActionForm
                  action={pause}
                  submit={c.paused ? "Go on" : "Pause"}
                  tone="outlined"
                  hidden={{ id: c.id, "paused:boolean": c.paused ? "false" : "true" }}
                  label={`${c.paused ? "Go on with" : "Pause"} ${c.name}`}
                />
                <ActionForm
                  action={remove}
                  submit="Remove"
                  tone="outlined"
                  hidden={{ id: c.id }}
                  confirm={{ title: `Remove ${c.name}?`, text: "Its address is forgotten.", yes: "Remove" }}
                  label={`Remove ${c.name}`}
                />
              </>
            ),
          },
        }))}
        empty={
          <Empty title="No channel is told">Make an incoming webhook in the chat, and give its address below.</Empty>
        }
      />
      <Section title="Have a channel told">
        <ActionForm action={add} submit="Add" className="fields">
          <TextField name="name" label="Name" maxLength={80} autoComplete="off" />
          <SelectField
            name="system"
            label="Chat"
            options={chatSystems.map((value) => ({ value, label: chatSystemName[value] }))}
          />
          <TextField
            name="url"
            label="Address of the webhook"
            hint="Kept sealed, and shown to nobody again: whoever has it may write there."
            mono
            maxLength={2000}
            autoComplete="off"
          />
          <SelectField
            name="businessUnit"
            label="What happens in"
            optional
            blank="the whole organisation"
            options={units.items.map((u) => ({ value: u.slug, label: u.path }))}
          />
          <CheckList
            name="kinds[]"
            label="Kinds"
            optional={false}
            options={chatKinds.map((kind) => ({ value: kind, label: kindName[kind] }))}
          />
        </ActionForm>
      </Section>
    </Page>
  );
}
