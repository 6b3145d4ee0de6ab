import { pageContext } from "@/lib/auth/context";
import { type Cell, csvPages, csvStream } from "@/lib/http/csv";
import { problemResponse } from "@/lib/http/problem";
import { findRegister, type RegisterRow } from "@/lib/registers/queries";

const head = [
  "ref",
  "text",
  "note",
  "state",
  "level",
  "owner",
  "model",
  "tier",
  "unit",
  "review",
  "opened_on",
  "due_on",
  "age_days",
  "overdue",
  "step",
  "signed_by",
];
const keys = ["register", "state", "band", "due", "owner", "tier", "unit", "model", "q"];

export async function GET(request: Request): Promise<Response> {
  const ctx = await pageContext();
  const filters = Object.fromEntries(
    [...new URL(request.url).searchParams].filter(([key, value]) => value !== "" && keys.includes(key)),
  );
  const { register = "conditions" } = filters;
  try {
    const page = (after?: string) =>
      findRegister(ctx, { ...filters, register, limit: 200, ...(after ? { after } : {}) });
    return csvStream(
      `${register}.csv`,
      head,
      csvPages(await page(), page, ({ items }) => items.map(rowOf)),
    );
  } catch (error) {
    return problemResponse(error, ctx.requestId);
  }
}

const rowOf = (r: RegisterRow): Cell[] => [
  r.ref,
  r.text,
  r.note,
  r.state,
  r.level,
  r.owner,
  r.model,
  r.tier,
  r.unit,
  r.review,
  r.openedOn,
  r.dueOn,
  r.age,
  r.overdue,
  r.step,
  r.signers.map((s) => `${s.name} (${s.authority})`).join("; "),
];
