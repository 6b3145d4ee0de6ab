import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Tokens } from "@/components/people/tokens";
import { ActionForm } from "@/components/ui/action-form";
import { CheckList, NumberField, TextField } from "@/components/ui/field";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Pager } from "@/components/ui/pager";
import { pageContext } from "@/lib/auth/context";
import { holds } from "@/lib/core/actor";
import { roleName } from "@/lib/core/rights";
import { listTokens } from "@/lib/tokens/queries";
import { rightsWithin, serviceRoles } from "@/lib/tokens/token";
import { orNotFound } from "../../not-found-if";
import { dropToken, makeServiceToken } from "./actions";

export const metadata: Metadata = { title: "API tokens" };

export default async function TokensPage({ searchParams }: { searchParams: Promise<{ after?: string }> }) {
  const ctx = await pageContext();
  // One's own are under /account; this list of everyone's is not there for others.
  if (!holds(ctx.actor, "tokens:manage")) notFound();
  const { after } = await searchParams;
  const { items, next } = await orNotFound(listTokens, ctx, after ? { after } : {});
  return (
    <Page name="admin">
      <PageHead
        title="API tokens"
        lede="Of services, agents and people. Only a hash is kept; a lost token is replaced, never read back."
      />
      <Section title="Tokens">
        <Tokens tokens={items} owners revoke={dropToken} />
        <Pager
          shown={items.length}
          total={null}
          noun="token"
          next={next ? `/admin/tokens?after=${next}` : null}
          start={after ? "/admin/tokens" : null}
        />
      </Section>
      <Section
        title="New service token"
        note="For CI and automation. A service never votes, decides, approves or signs."
      >
        <ActionForm action={makeServiceToken} submit="Create token" hidden={{ kind: "service" }} className="fields">
          <TextField
            name="name"
            label="Which service"
            hint="For example: deploy pipeline of card-risk"
            maxLength={80}
          />
          <CheckList
            name="roles[]"
            label="Roles"
            optional={false}
            options={serviceRoles.map((role) => ({ value: role, label: roleName[role] }))}
            defaultValue={["service"]}
          />
          <CheckList
            name="scopes[]"
            label="Limit it to these rights"
            hint="None chosen: everything its roles may do."
            options={rightsWithin(serviceRoles).map((right) => ({ value: right, label: right }))}
          />
          <NumberField
            name="days:number"
            label="Days until it expires"
            hint="0: it does not expire."
            min={0}
            max={366}
            defaultValue={90}
          />
        </ActionForm>
      </Section>
    </Page>
  );
}
