import type { Metadata } from "next";
import { ActionForm } from "@/components/ui/action-form";
import { Empty } from "@/components/ui/empty";
import { SelectField, TextField } from "@/components/ui/field";
import Link from "@/components/ui/link";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Pager } from "@/components/ui/pager";
import { SearchBox } from "@/components/ui/search-box";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import { roleName } from "@/lib/core/rights";
import { mayInvite, type PersonGrant } from "@/lib/people/person";
import { listPeople } from "@/lib/people/queries";
import { listUnits } from "@/lib/units/queries";
import { orNotFound } from "../../not-found-if";
import { invitePerson } from "./actions";

export const metadata: Metadata = { title: "People" };

export default async function PeoplePage({ searchParams }: { searchParams: Promise<{ q?: string; after?: string }> }) {
  const ctx = await pageContext();
  const { q, after } = await searchParams;
  const { items, next } = await orNotFound(listPeople, ctx, { ...(q ? { q } : {}), ...(after ? { after } : {}) });
  const units = await listUnits(ctx, {});
  const may = mayInvite(ctx.actor, { persona: false });
  const page = (cursor: string) => `/admin/people?${new URLSearchParams({ ...(q ? { q } : {}), after: cursor })}`;
  return (
    <Page name="admin">
      <PageHead title="People" lede="Nobody gives themselves a role. Administrators take part in no decision." />
      <SearchBox label="Find a person" placeholder="Name or e-mail address" />
      <Table
        label="People"
        empty={<Empty title={q ? `Nobody is called "${q}".` : "There is nobody yet."} />}
        columns={[
          { id: "name", name: "Name" },
          { id: "roles", name: "Roles" },
          { id: "unit", name: "Business unit" },
          { id: "state", name: "Account" },
        ]}
        rows={items.map((p) => ({
          id: p.id,
          name: p.name,
          cells: {
            name: (
              <>
                <Link href={`/admin/people/${p.id}`}>{p.name}</Link> <span className="lbl">{p.email}</span>
              </>
            ),
            roles: rolesOf(p.grants),
            unit: p.unit ?? <span className="mut">none</span>,
            state: p.active ? (
              <Status state="valid" word={p.persona ? "Demo persona" : "Open"} />
            ) : (
              <Status state="withdrawn" word="Closed" />
            ),
          },
          card: (
            <>
              <Link href={`/admin/people/${p.id}`}>{p.name}</Link>
              <div className="lbl">{p.email}</div>
              <div>{rolesOf(p.grants)}</div>
              {p.active ? null : <Status state="withdrawn" word="Closed" />}
            </>
          ),
        }))}
      />
      <Pager
        shown={items.length}
        total={null}
        noun="person"
        next={next ? page(next) : null}
        start={after ? "/admin/people" : null}
      />
      <Section title="Invite a person">
        {may.ok ? (
          <ActionForm action={invitePerson} submit="Invite" className="fields">
            <TextField name="name" label="Name" maxLength={120} autoComplete="off" />
            <TextField
              name="email"
              label="E-mail address"
              hint="The one the identity provider knows; it links the account at the first sign-in."
              type="email"
              maxLength={200}
              autoComplete="off"
            />
            <TextField name="title" label="Title" optional maxLength={120} autoComplete="off" />
            <SelectField
              name="unit"
              label="Business unit"
              optional
              blank="none"
              options={units.items.map((u) => ({ value: u.slug, label: u.path }))}
            />
          </ActionForm>
        ) : (
          <WhyButton label="Invite" reason={may.reason} />
        )}
      </Section>
    </Page>
  );
}

function rolesOf(grants: readonly PersonGrant[]) {
  if (grants.length === 0) return <span className="mut">no role</span>;
  return grants.map((g) => `${roleName[g.role]}${g.unit ? ` in ${g.unit}` : ""}`).join(", ");
}
