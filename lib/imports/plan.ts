import "server-only";
import type { Reader } from "@/db/client";
import { type Actor, holds } from "@/lib/core/actor";
import { findUnstorable } from "@/lib/core/parse";
import type { Verdict } from "@/lib/core/refusal";
import { editInput, registerInput } from "@/lib/models/inputs";
import {
  kindName,
  type ModelKind,
  mayClaim,
  mayEdit,
  mayRegister,
  type Platform,
  platformName,
  type ServingType,
  type Stage,
  servingName,
  stageName,
} from "@/lib/models/model";
import type { ImportColumn, RowFate } from "./import";
import { type Lookups, lookUp, type PresentModel } from "./lookups";
import type { FileRow } from "./rows";

/** What a model gets; only what is in it is written. Null for people and use cases means nobody and none. */
export type Values = {
  name: string;
  description?: string;
  kind?: ModelKind;
  method?: string;
  servingType?: ServingType;
  platform?: Platform;
  stage?: Stage;
  team?: string;
  sourceUrl?: string;
  businessUnitId?: string;
  ownerId?: string;
  backupOwnerId?: string;
  useCaseId?: string;
};

/** A row with its fate, and what would be written for it; null where nothing would. */
export type Planned = RowFate & { model: PresentModel | null; values: Values | null; apartBecause: string | null };

const of = (rows: readonly FileRow[], columns: readonly ImportColumn[]): string[] =>
  rows.flatMap((r) => columns.flatMap((c) => (r.cells[c] ? [r.cells[c].slice(0, 400)] : [])));

/** What would become of each row if the file were brought in now, by this person. Nothing is written. */
export async function planRows(read: Reader, rows: readonly FileRow[], actor: Actor): Promise<Planned[]> {
  const storable = (text: string) => findUnstorable(text) === null;
  const found = await lookUp(read, {
    names: of(rows, ["name"]).filter(storable),
    units: of(rows, ["business_unit"]).filter(storable),
    people: of(rows, ["owner", "backup_owner"]).filter(storable),
    useCases: of(rows, ["use_case"]).filter(storable),
  });
  const lines = new Map<string, number>();
  const keys = new Map<string, string>();
  return rows.map((row) => {
    const name = row.cells.name ?? "";
    const first = lines.get(name);
    if (first === undefined) lines.set(name, row.line);
    const faults: { column: string; message: string }[] = [];
    if (row.fault) faults.push({ column: "", message: row.fault });
    if (name !== "" && first !== undefined)
      faults.push({ column: "name", message: `Line ${first} has the same name. Keep one of the two rows.` });
    const model = found.models.get(name) ?? null;
    const read_ = readCells(row, found, faults);
    const planned = model ? change(row, model, read_, actor, faults) : make(row, read_, found, keys, actor, faults);
    const fate = faults.length > 0 ? "refused" : planned.fate;
    return {
      line: row.line,
      name: name.slice(0, 400),
      fate,
      changes: fate === "refused" ? [] : planned.changes,
      faults,
      model,
      values: fate === "create" || fate === "update" ? planned.values : null,
      apartBecause: row.cells.distinct_because || null,
    };
  });
}

type Fault = { column: string; message: string };
type Read = { plain: Record<string, string>; values: Partial<Values> };

/** Codes as they are, or the words of the screens in any case. */
function coded<T extends string>(text: string, names: Record<T, string>): string {
  const want = text.toLowerCase();
  const hit = Object.entries<string>(names).find(([code, word]) => code === want || word.toLowerCase() === want);
  return hit ? hit[0] : text;
}

/** Cells that are not empty, with what they name found; what is not found is a fault. Empty cells leave things as they are. */
function readCells(row: FileRow, found: Lookups, faults: Fault[]): Read {
  const { cells } = row;
  const plain: Record<string, string> = {};
  const values: Partial<Values> = {};
  if (cells.description) plain.description = cells.description;
  if (cells.method) plain.method = cells.method;
  if (cells.team) plain.team = cells.team;
  if (cells.source_url) plain.sourceUrl = cells.source_url;
  if (cells.kind) plain.kind = coded(cells.kind, kindName);
  if (cells.serving) plain.servingType = coded(cells.serving, servingName);
  if (cells.platform) plain.platform = coded(cells.platform, platformName);
  if (cells.stage) plain.stage = coded(cells.stage, stageName);
  const show = (text: string) => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
  if (cells.business_unit) {
    const unit = found.units.get(cells.business_unit);
    if (unit) values.businessUnitId = unit.id;
    else
      faults.push({
        column: "business_unit",
        message: `There is no business unit ${show(cells.business_unit)}. Use its short name, as on the page of business units.`,
      });
  }
  for (const [column, key] of [
    ["owner", "ownerId"],
    ["backup_owner", "backupOwnerId"],
  ] as const) {
    const text = cells[column];
    if (!text) continue;
    const person = found.people.get(text);
    if (person?.active) values[key] = person.id;
    else
      faults.push({
        column,
        message: person
          ? `${person.name} is no longer active. Name someone else.`
          : `There is no person ${show(text)}. Use an e-mail address.`,
      });
  }
  if (cells.use_case) {
    const useCase = found.useCases.get(cells.use_case);
    if (useCase) values.useCaseId = useCase.id;
    else
      faults.push({
        column: "use_case",
        message: `There is no use case ${show(cells.use_case)}. Use its number, such as UC-0001, or register it first.`,
      });
  }
  if (values.ownerId && values.ownerId === values.backupOwnerId)
    faults.push({ column: "backup_owner", message: "Is the owner. Name someone else as deputy." });
  return { plain, values };
}

const columnOf: Record<string, string> = {
  servingType: "serving",
  sourceUrl: "source_url",
  businessUnit: "business_unit",
  backupOwner: "backup_owner",
  useCase: "use_case",
  distinctBecause: "distinct_because",
};

type Parsed = { success: boolean; error?: { issues: readonly { path: readonly PropertyKey[]; message: string }[] } };

function take(parsed: Parsed, raw: Record<string, string>, faults: Fault[]): void {
  for (const issue of parsed.error?.issues ?? []) {
    const field = String(issue.path[0] ?? "");
    const column = columnOf[field] ?? field;
    if (faults.some((f) => f.column === column)) continue;
    const length = (raw[field] ?? "").length;
    faults.push({
      column,
      message: length > 1000 ? `${issue.message} This cell has ${length.toLocaleString("en-GB")}.` : issue.message,
    });
  }
  const odd = findUnstorable(raw);
  if (odd) faults.push({ column: columnOf[odd.field] ?? odd.field, message: odd.message });
}

function ask(verdict: Verdict, column: string, faults: Fault[]): void {
  if (!verdict.ok) faults.push({ column, message: verdict.reason });
}

type Outcome = { fate: "create" | "update" | "unchanged"; changes: RowFate["changes"]; values: Values | null };

function make(
  row: FileRow,
  { plain, values }: Read,
  found: Lookups,
  keys: Map<string, string>,
  actor: Actor,
  faults: Fault[],
): Outcome {
  const name = row.cells.name ?? "";
  const why = row.cells.distinct_because;
  const raw: Record<string, string> = { ...plain, name, ...(why ? { distinctBecause: why } : {}) };
  // Who is named was looked up already; the shape of the rest is the register form's.
  const parsed = registerInput.omit({ owner: true, backupOwner: true, useCase: true }).safeParse({
    ...raw,
    businessUnit: row.cells.business_unit || undefined,
  });
  take(parsed, raw, faults);
  if (values.businessUnitId) ask(mayRegister(actor, values.businessUnitId), "business_unit", faults);
  const near = found.near.get(name);
  const other = near?.names[0] ?? (near ? keys.get(near.key) : undefined);
  if (near && faults.length === 0 && other !== undefined && !why)
    faults.push({
      column: "name",
      message: `Looks like ${other}. Use that name, or say in the column distinct_because why this is another model.`,
    });
  if (near) keys.set(near.key, name);
  const made = parsed.success
    ? {
        ...plain,
        ...values,
        name,
        kind: parsed.data.kind,
        servingType: parsed.data.servingType,
        platform: parsed.data.platform,
        stage: parsed.data.stage,
      }
    : null;
  return { fate: "create", changes: [], values: made };
}

function change(row: FileRow, model: PresentModel, { plain, values }: Read, actor: Actor, faults: Fault[]): Outcome {
  const { stage, ...editable } = plain;
  const parsed = editInput.safeParse({ name: model.name, revision: model.revision, ...editable });
  take(parsed, editable, faults);
  const next: Values = { name: model.name };
  const changes: { column: ImportColumn; from: string; to: string }[] = [];
  const note = (column: ImportColumn, from: string | null, to: string) =>
    changes.push({ column, from: from ?? "", to });
  if (parsed.success) {
    const { description, kind, method, servingType, platform, team, sourceUrl } = parsed.data;
    const same: [ImportColumn, keyof Values & keyof PresentModel, string | null | undefined][] = [
      ["description", "description", description],
      ["kind", "kind", kind],
      ["method", "method", method],
      ["serving", "servingType", servingType],
      ["platform", "platform", platform],
      ["team", "team", team],
      ["source_url", "sourceUrl", sourceUrl],
    ];
    for (const [column, key, to] of same) {
      if (to === undefined || to === null || to === model[key]) continue;
      Object.assign(next, { [key]: to });
      note(column, String(model[key] ?? ""), to);
    }
  }
  if (values.useCaseId && values.useCaseId !== model.useCaseId) {
    next.useCaseId = values.useCaseId;
    note("use_case", model.useCase, row.cells.use_case ?? "");
  }
  if (changes.length > 0) ask(mayEdit(actor, model), "name", faults);
  const handed = changes.length;
  if (values.businessUnitId && values.businessUnitId !== model.businessUnitId) {
    next.businessUnitId = values.businessUnitId;
    note("business_unit", model.unit, row.cells.business_unit ?? "");
    if (!holds(actor, "inventory:claim", values.businessUnitId))
      faults.push({ column: "business_unit", message: "Your role does not reach this business unit." });
  }
  if (values.ownerId && values.ownerId !== model.ownerId) {
    next.ownerId = values.ownerId;
    note("owner", model.owner, row.cells.owner ?? "");
  }
  if (values.backupOwnerId && values.backupOwnerId !== model.backupOwnerId) {
    next.backupOwnerId = values.backupOwnerId;
    note("backup_owner", model.backup, row.cells.backup_owner ?? "");
    if ((next.ownerId ?? model.ownerId) === values.backupOwnerId)
      faults.push({ column: "backup_owner", message: "Is the owner. Name someone else as deputy." });
  }
  if (changes.length > handed) ask(mayClaim(actor, model), "owner", faults);
  if (stage !== undefined && stage !== model.stage)
    faults.push({
      column: "stage",
      message: `Is ${stageName[model.stage]}. A stage is changed on the model's page, where what hangs on it is looked at; leave the cell empty.`,
    });
  return changes.length > 0
    ? { fate: "update", changes, values: next }
    : { fate: "unchanged", changes: [], values: null };
}
