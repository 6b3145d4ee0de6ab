import type { Metadata } from "next";
import { Sessions } from "@/components/people/sessions";
import { Tokens } from "@/components/people/tokens";
import { ActionForm } from "@/components/ui/action-form";
import { ButtonLink } from "@/components/ui/button";
import { CheckList, NumberField, TextField } from "@/components/ui/field";
import { KeyValues } from "@/components/ui/key-values";
import Link from "@/components/ui/link";
import { Page, PageHead, Section } from "@/components/ui/page";
import { currentSession, pageContext } from "@/lib/auth/context";
import { roleName } from "@/lib/core/rights";
import { getPerson } from "@/lib/people/queries";
import { readExpertise } from "@/lib/reviews/assign";
import { expertiseName, expertises } from "@/lib/reviews/reviewers";
import { listSessions } from "@/lib/sessions/queries";
import { listTokens } from "@/lib/tokens/queries";
import { rightsWithin } from "@/lib/tokens/token";
import { dropToken, endOne, endOthers, makeToken, sayKnown } from "./actions";

export const metadata: Metadata = { title: "My account" };

export default async function AccountPage() {
  const ctx = await pageContext();
  const [session, me, sessions, tokens, known] = await Promise.all([
    currentSession(),
    getPerson(ctx, { person: "me" }),
    listSessions(ctx, { person: "me" }),
    listTokens(ctx, { person: "me" }),
    readExpertise(ctx, { person: "me" }),
  ]);
  const present = session?.sessionId ?? "";
  const held = ctx.actor.grants.map((g) => g.role);
  return (
    <Page name="admin">
      <PageHead
        title="My account"
        lede={me.email}
        actions={
          <>
            <ButtonLink href="/account/notifications">My notifications</ButtonLink>
            <ButtonLink href="/account/keys">My signing keys</ButtonLink>
          </>
        }
      />
      <KeyValues
        items={[
          { key: "Name", value: me.name },
          { key: "Title", value: me.title || "none" },
          { key: "Business unit", value: me.unit ?? "none" },
          {
            key: "Roles",
            value:
              me.grants.length > 0
                ? me.grants.map((g) => `${roleName[g.role]}${g.unit ? ` in ${g.unit}` : ""}`).join(", ")
                : "none yet; ask an administrator",
          },
        ]}
      />
      <p className="lbl">
        <Link href="/admin/rights">What each role may do</Link>
      </p>
      <Section title="What you know">
        <ActionForm
          action={sayKnown}
          submit="Save"
          tone="outlined"
          hidden={{ person: "me" }}
          keep
          label="What you know"
        >
          <CheckList
            name="fields[]"
            label="Fields of expertise"
            hint="Whoever names reviewers is shown this."
            options={expertises.map((e) => ({ value: e, label: expertiseName[e] }))}
            defaultValue={known.fields}
          />
        </ActionForm>
      </Section>
      <Section title="Browsers signed in as you">
        <Sessions sessions={sessions.items} present={present} end={endOne} />
        {sessions.items.length > 1 ? (
          <ActionForm
            action={endOthers}
            submit="Sign out everywhere else"
            tone="outlined"
            hidden={{ person: ctx.actor.id, except: present }}
            label="Sign out everywhere else"
          />
        ) : null}
      </Section>
      <Section title="My API tokens" note="A token does what you may do, within the rights you choose. It never signs.">
        <Tokens tokens={tokens.items} revoke={dropToken} />
      </Section>
      <Section title="New token">
        <ActionForm action={makeToken} submit="Create token" hidden={{ kind: "person" }} className="fields">
          <TextField name="name" label="What it is for" maxLength={80} autoComplete="off" />
          <NumberField name="days:number" label="Days until it expires" min={1} max={366} defaultValue={90} />
          <CheckList
            name="scopes[]"
            label="Rights"
            hint="Choose what it needs and no more."
            optional={false}
            options={rightsWithin(held).map((right) => ({ value: right, label: right }))}
          />
        </ActionForm>
      </Section>
    </Page>
  );
}
