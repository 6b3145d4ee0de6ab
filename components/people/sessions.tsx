import { ActionForm } from "@/components/ui/action-form";
import { Empty } from "@/components/ui/empty";
import { Table } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import type { FormState } from "@/lib/http/form-action";
import { browserName } from "./browser-name";

type Session = { id: string; method: "oidc" | "persona"; userAgent: string; createdAt: Date; expires: Date };

/** Signed-in browsers of one person. The present one is marked; it ends by signing out. */
export function Sessions({
  sessions,
  present,
  end,
}: {
  sessions: readonly Session[];
  present: string | null;
  end: (before: FormState, form: FormData) => Promise<FormState>;
}) {
  return (
    <Table
      label="Sessions"
      empty={<Empty title="No browser is signed in." />}
      columns={[
        { id: "browser", name: "Browser" },
        { id: "how", name: "Signed in by" },
        { id: "since", name: "Since" },
        { id: "until", name: "Ends" },
        { id: "end", name: "End" },
      ]}
      rows={sessions.map((s) => ({
        id: s.id,
        cells: {
          browser: browserName(s.userAgent),
          how: s.method === "persona" ? "one click (demo)" : "single sign-on",
          since: <When at={s.createdAt} show="relative" />,
          until: <When at={s.expires} show="datetime" />,
          end:
            s.id === present ? (
              <span className="mut">this browser</span>
            ) : (
              <ActionForm
                action={end}
                submit="End"
                tone="act"
                hidden={{ session: s.id }}
                label={`End the session of ${browserName(s.userAgent)}, ${s.createdAt.toISOString()}`}
              />
            ),
        },
      }))}
    />
  );
}
