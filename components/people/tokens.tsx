import { ActionForm } from "@/components/ui/action-form";
import { Empty } from "@/components/ui/empty";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import { type Role, roleName } from "@/lib/core/rights";
import type { FormState } from "@/lib/http/form-action";
import type { TokenState } from "@/lib/tokens/token";

export type TokenRow = {
  id: string;
  name: string;
  prefix: string;
  kind: "person" | "service" | "agent";
  person: string | null;
  roles: readonly Role[];
  scopes: readonly string[] | null;
  state: TokenState;
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
};

/** API tokens; never the token itself. */
export function Tokens({
  tokens,
  owners = false,
  revoke,
}: {
  tokens: readonly TokenRow[];
  /** Shows whose each one is. */
  owners?: boolean;
  revoke: (before: FormState, form: FormData) => Promise<FormState>;
}) {
  return (
    <Table
      label="API tokens"
      empty={<Empty title="No tokens yet." />}
      columns={[
        { id: "name", name: "Token" },
        ...(owners ? [{ id: "owner", name: "Speaks for" }] : []),
        { id: "may", name: "May" },
        { id: "used", name: "Last used" },
        { id: "state", name: "State" },
        { id: "revoke", name: "Revoke" },
      ]}
      rows={tokens.map((t) => ({
        id: t.id,
        name: t.name,
        cells: {
          name: (
            <>
              <span className="b">{t.name}</span> <span className="m11 mut">{t.prefix}…</span>
            </>
          ),
          owner: t.person ? (
            `${t.person}${t.kind === "agent" ? " (agent)" : ""}`
          ) : (
            <span className="ink2">a service</span>
          ),
          may: <May token={t} />,
          used: <When at={t.lastUsedAt} show="relative" />,
          state: <State token={t} />,
          revoke:
            t.state === "active" ? (
              <ActionForm
                action={revoke}
                submit="Revoke"
                tone="act"
                hidden={{ token: t.id }}
                label={`Revoke ${t.name}`}
                confirm={{
                  title: `Revoke ${t.name}?`,
                  text: "Whatever uses it is refused from its next request. This cannot be undone.",
                  yes: "Revoke",
                }}
              />
            ) : null,
        },
      }))}
    />
  );
}

function May({ token }: { token: TokenRow }) {
  const base = token.kind === "person" ? "what the person may" : token.roles.map((r) => roleName[r]).join(", ");
  if (!token.scopes) return base;
  return (
    <span title={token.scopes.join(", ")}>
      <span className="mono">{token.scopes[0]}</span>
      {token.scopes.length > 1 ? ` and ${token.scopes.length - 1} more` : ""}
    </span>
  );
}

function State({ token }: { token: TokenRow }) {
  if (token.state === "revoked") return <Status state="withdrawn" word="Revoked" />;
  if (token.state === "expired") return <Status state="overdue" word="Expired" />;
  return (
    <>
      <Status state="valid" word="Active" />{" "}
      <span className="lbl">
        {token.expiresAt ? (
          <>
            until <When at={token.expiresAt} />
          </>
        ) : (
          "does not expire"
        )}
      </span>
    </>
  );
}
