import type { Metadata } from "next";
import { Sessions } from "@/components/people/sessions";
import { Tokens } from "@/components/people/tokens";
import { ActionForm } from "@/components/ui/action-form";
import { Empty } from "@/components/ui/empty";
import { SelectField } from "@/components/ui/field";
import { KeyValues } from "@/components/ui/key-values";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import type { Actor } from "@/lib/core/actor";
import { roleName } from "@/lib/core/rights";
import { mayDeactivate, mayGrant, mayRevokeGrant, type PersonGrant, personRoles } from "@/lib/people/person";
import { getPerson } from "@/lib/people/queries";
import { listSessions } from "@/lib/sessions/queries";
import { listTokens } from "@/lib/tokens/queries";
import { listUnits } from "@/lib/units/queries";
import { orNotFound } from "../../../not-found-if";
import { closeAccount, dropToken, endOne, giveRole, openAccount, signOutEverywhere, takeRole } from "../actions";

export const metadata: Metadata = { title: "Person" };

export default async function PersonPage({ params }: { params: Promise<{ person: string }> }) {
  const ctx = await pageContext();
  const person = await orNotFound(getPerson, ctx, { person: decodeURIComponent((await params).person) });
  const [units, sessions, tokens] = await Promise.all([
    listUnits(ctx, {}),
    listSessions(ctx, { person: person.id }),
    listTokens(ctx, { person: person.id }),
  ]);
  const grant = mayGrant(ctx.actor, person);
  const closing = mayDeactivate(ctx.actor, person);
  return (
    <Page name="admin">
      <PageHead
        title={person.name}
        state={
          person.active ? (
            person.persona ? (
              <Status tag state="due_soon" word="Demo persona" />
            ) : null
          ) : (
            <Status tag state="withdrawn" word="Account closed" />
          )
        }
        lede={person.email}
      />
      <KeyValues
        items={[
          { key: "Title", value: person.title || "none" },
          { key: "Business unit", value: person.unit ?? "none" },
          { key: "Since", value: <When at={person.createdAt} /> },
        ]}
      />
      <Section title="Roles" note="They count from the person's next request">
        <Grants grants={person.grants} person={person} actor={ctx.actor} />
        {grant.ok ? (
          <ActionForm action={giveRole} submit="Grant role" className="fields" hidden={{ person: person.id }}>
            <SelectField
              name="role"
              label="Role"
              options={personRoles.map((role) => ({ value: role, label: roleName[role] }))}
            />
            <SelectField
              name="unit"
              label="Where"
              optional
              blank="everywhere"
              options={units.items.map((u) => ({ value: u.slug, label: u.path }))}
            />
          </ActionForm>
        ) : (
          <WhyButton label="Grant role" reason={grant.reason} />
        )}
      </Section>
      <Section title="Browsers signed in">
        <Sessions sessions={sessions.items} present={null} end={endOne} />
        {sessions.items.length > 0 && closing.ok ? (
          <ActionForm
            action={signOutEverywhere}
            submit="Sign out everywhere"
            tone="outlined"
            hidden={{ person: person.id }}
            label={`Sign ${person.name} out everywhere`}
          />
        ) : null}
      </Section>
      <Section title="API tokens">
        <Tokens tokens={tokens.items} revoke={dropToken} />
      </Section>
      <Section title="Account">
        {closing.ok ? (
          person.active ? (
            <ActionForm
              action={closeAccount}
              submit="Deactivate"
              tone="outlined"
              hidden={{ person: person.id }}
              confirm={{
                title: `Deactivate ${person.name}?`,
                text: "Every session ends and every token is revoked. What the person did stays on the record.",
                yes: "Deactivate",
              }}
            />
          ) : (
            <ActionForm action={openAccount} submit="Reactivate" tone="outlined" hidden={{ person: person.id }} />
          )
        ) : (
          <WhyButton label="Deactivate" reason={closing.reason} />
        )}
      </Section>
    </Page>
  );
}

function Grants({
  grants,
  person,
  actor,
}: {
  grants: readonly PersonGrant[];
  person: { id: string; name: string; active: boolean };
  actor: Actor;
}) {
  return (
    <Table
      label="Roles"
      empty={<Empty title={`${person.name} holds no role and sees nothing yet.`} />}
      columns={[
        { id: "role", name: "Role" },
        { id: "where", name: "Where" },
        { id: "how", name: "Granted" },
        { id: "take", name: "Take back" },
      ]}
      rows={grants.map((g) => {
        const may = mayRevokeGrant(actor, { person, role: g.role });
        return {
          id: g.id,
          name: roleName[g.role],
          cells: {
            role: roleName[g.role],
            where: g.unit ?? "everywhere",
            how: (
              <>
                <When at={g.grantedAt} />
                {g.source === "oidc" ? <span className="lbl"> from a group at the identity provider</span> : null}
              </>
            ),
            take: may.ok ? (
              <ActionForm
                action={takeRole}
                submit="Take back"
                tone="act"
                hidden={{ person: person.id, grant: g.id }}
                label={`Take back ${roleName[g.role]}`}
              />
            ) : (
              <WhyButton label="Take back" tone="act" reason={may.reason} />
            ),
          },
        };
      })}
    />
  );
}
