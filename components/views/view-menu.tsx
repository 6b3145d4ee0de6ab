"use client";
import { Bookmark, ChevronDown } from "lucide-react";
import { useSearchParams } from "next/navigation";
import type { ReactNode } from "react";
import { ActionForm } from "@/components/ui/action-form";
import { SelectField, TextField } from "@/components/ui/field";
import Link from "@/components/ui/link";
import type { FormState } from "@/lib/http/form-action";
import { type SavedView, viewQuery, viewScopeName, viewScopes } from "@/lib/views/view";

type Action = (before: FormState, form: FormData) => Promise<FormState>;

/**
 * The saved views of a list: which one is open, whether the address has moved away from it, and saving the address as one.
 * `mayKeep` says for each view whether the reader may change it.
 */
export function ViewMenu({
  path,
  all,
  views,
  units,
  save,
  edit,
  drop,
  mayKeep,
}: {
  path: string;
  /** What the list is called without a view. */
  all: string;
  views: readonly SavedView[];
  units: readonly { slug: string; name: string }[];
  save: Action;
  edit: Action;
  drop: Action;
  mayKeep: Readonly<Record<string, boolean>>;
}) {
  const params = useSearchParams();
  const query = viewQuery(params.entries());
  const open = views.find((v) => v.id === params.get("view"));
  const edited = open ? open.query !== query : query !== "";
  const hrefOf = (v: SavedView) => `${path}?${v.query}${v.query ? "&" : ""}view=${v.id}`;
  return (
    <>
      {/* A view that is opened closes the menu. */}
      <details className="asof views" key={params.toString()}>
        <summary className="btn q">
          <Bookmark className="i" aria-hidden="true" />
          {open?.name ?? all}
          <ChevronDown className="i s12" aria-hidden="true" />
        </summary>
        <div className="menu">
          <nav aria-label="Saved views">
            <Link className="mi" href={path} aria-current={open ? undefined : "true"}>
              {all}
            </Link>
            {views.map((v) => (
              <Link key={v.id} className="mi" href={hrefOf(v)} aria-current={v.id === open?.id ? "true" : undefined}>
                {v.name}
                <span className="mut">{whoseOf(v)}</span>
              </Link>
            ))}
          </nav>
          {open && mayKeep[open.id] ? (
            <div className="row">
              {edited ? (
                <ActionForm
                  action={edit}
                  submit={`Save to ${open.name}`}
                  tone="outlined"
                  hidden={{ view: open.id, "query:text": query }}
                  label="Save to this view"
                />
              ) : null}
              <ActionForm
                action={drop}
                submit="Drop"
                tone="ghost"
                hidden={{ view: open.id }}
                label="Drop this view"
                confirm={{
                  title: `Drop ${open.name}?`,
                  text: "Links to it lead to the whole list from then on.",
                  yes: "Drop",
                }}
              />
            </div>
          ) : null}
          <ActionForm
            action={save}
            submit="Save view"
            tone="outlined"
            hidden={{ "query:text": query }}
            label="Save this as a view"
          >
            <TextField name="name" label="Save this as" maxLength={80} autoComplete="off" />
            <SelectField
              name="scope"
              label="Who sees it"
              defaultValue="personal"
              options={viewScopes.map((value) => ({ value, label: viewScopeName[value] }))}
            />
            <SelectField
              name="businessUnit"
              label="Business unit"
              optional
              blank="None"
              hint="When a unit shall see it."
              options={units.map((u) => ({ value: u.slug, label: u.name }))}
            />
          </ActionForm>
        </div>
      </details>
      {edited ? <Edited>{open ? "Edited, not saved" : "Not saved"}</Edited> : null}
    </>
  );
}

const Edited = ({ children }: { children: ReactNode }) => <span className="tag dashed">{children}</span>;

const whoseOf = (v: SavedView): string =>
  v.scope === "personal"
    ? ""
    : v.scope === "unit"
      ? ` for ${v.unitName}, by ${v.owner}`
      : ` for everyone, by ${v.owner}`;
