import { z } from "zod";
import { type Actor, holds } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import { unitKey } from "@/lib/models/inputs";

/** Lists whose views can be saved, with the page that shows them. */
export const viewLists = ["models"] as const;
export type ViewList = (typeof viewLists)[number];

export const viewScopes = ["personal", "unit", "organisation"] as const;
export type ViewScope = (typeof viewScopes)[number];

export const viewScopeName: Record<ViewScope, string> = {
  personal: "Only I",
  unit: "A business unit",
  organisation: "The whole organisation",
};

/** What an address says beside the view: where one is in the list, and when. None of it belongs to the view itself. */
const passing = new Set(["after", "view", "asof"]);

/** The part of an address that a view keeps, in a fixed order, so that two equal views have equal texts. */
export function viewQuery(params: Iterable<readonly [string, string]>): string {
  const kept = [...params].filter(([key, value]) => value !== "" && !passing.has(key));
  kept.sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0));
  return new URLSearchParams(kept.map(([key, value]): [string, string] => [key, value])).toString();
}

const query = z
  .string()
  .max(2000, "At most 2000 characters.")
  .transform((text) => viewQuery(new URLSearchParams(text)));

const name = z.string().trim().min(1, "Name the view.").max(80, "At most 80 characters.");

export const saveViewInput = z.strictObject({
  list: z.enum(viewLists).default("models"),
  name,
  /** Filters, order and hidden columns, as in the address: `tier=1&stage=live`. */
  query,
  scope: z.enum(viewScopes).default("personal"),
  /** Whom it is shared with, when the scope is a unit. */
  businessUnit: unitKey.optional(),
});

export const viewKey = z.uuid("A view's id, from the list of views.");

export const editViewInput = z.strictObject({
  view: viewKey,
  name: name.optional(),
  query: query.optional(),
  scope: z.enum(viewScopes).optional(),
  businessUnit: unitKey.optional(),
});

export type SavedView = {
  id: string;
  list: ViewList;
  name: string;
  query: string;
  scope: ViewScope;
  unit: string | null;
  unitName: string | null;
  ownerId: string;
  owner: string;
};

/** Whether the actor may save a view, and share it as far as they say. */
export function maySaveView(actor: Actor, scope: ViewScope, unitId: string | null): Verdict {
  if (actor.kind !== "person") return no("forbidden", "Views belong to people. Sign in to save one.");
  if (!holds(actor, "inventory:read")) return no("forbidden", "Saving a view needs a role here.");
  if (scope === "personal") return yes;
  if (scope === "unit")
    return holds(actor, "inventory:write", unitId)
      ? yes
      : no("forbidden", "Sharing with a business unit needs a role there that keeps models.");
  return holds(actor, "people:manage") || holds(actor, "decisions:accept")
    ? yes
    : no("forbidden", "Sharing with everyone is for architects and administrators. Share the link instead.");
}

/** Whether the actor may change or drop a view: its owner, and administrators for what is shared. */
export function mayKeepView(actor: Actor, view: { ownerId: string; scope: ViewScope }): Verdict {
  if (actor.kind === "person" && actor.id === view.ownerId) return yes;
  return view.scope !== "personal" && holds(actor, "people:manage")
    ? yes
    : no("forbidden", "Only its owner changes a view. Save one of your own.");
}
