import { getTableColumns, getTableName, is, Table } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/lib/testing/database";
import * as acceptances from "./schema/acceptances";
import * as adoption from "./schema/adoption";
import * as adrSources from "./schema/adr-sources";
import * as assets from "./schema/assets";
import * as backlog from "./schema/backlog";
import * as board from "./schema/board";
import * as breakGlass from "./schema/break-glass";
import * as calendars from "./schema/calendars";
import * as campaigns from "./schema/campaigns";
import * as cards from "./schema/cards";
import * as courses from "./schema/courses";
import * as decisionChecks from "./schema/decision-checks";
import * as decisionSignatures from "./schema/decision-signatures";
import * as decisions from "./schema/decisions";
import * as evaluations from "./schema/evaluations";
import * as facts from "./schema/facts";
import * as freezes from "./schema/freezes";
import * as imports from "./schema/imports";
import * as incidentReviews from "./schema/incident-reviews";
import * as kpis from "./schema/kpis";
import * as library from "./schema/library";
import * as log from "./schema/log";
import * as maturity from "./schema/maturity";
import * as meetings from "./schema/meetings";
import * as models from "./schema/models";
import * as notifications from "./schema/notifications";
import * as officeHours from "./schema/office-hours";
import * as org from "./schema/org";
import * as readiness from "./schema/readiness";
import * as reconciliation from "./schema/reconciliation";
import * as registries from "./schema/registries";
import * as releases from "./schema/releases";
import * as reviewScope from "./schema/review-scope";
import * as reviewers from "./schema/reviewers";
import * as reviews from "./schema/reviews";
import * as risk from "./schema/risk";
import * as roadmap from "./schema/roadmap";
import * as scans from "./schema/scans";
import * as signing from "./schema/signing";
import * as sources from "./schema/sources";
import * as validations from "./schema/validations";
import * as views from "./schema/views";

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const snake = (name: string) => name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);
const tables = [
  acceptances,
  backlog,
  adoption,
  adrSources,
  assets,
  board,
  breakGlass,
  calendars,
  campaigns,
  cards,
  decisionChecks,
  decisionSignatures,
  courses,
  decisions,
  evaluations,
  facts,
  freezes,
  imports,
  incidentReviews,
  kpis,
  library,
  log,
  maturity,
  meetings,
  models,
  notifications,
  officeHours,
  org,
  readiness,
  reconciliation,
  registries,
  releases,
  reviewScope,
  reviewers,
  reviews,
  risk,
  roadmap,
  scans,
  validations,
  signing,
  sources,
  views,
]
  .flatMap((module) => Object.values(module))
  .filter((value) => is(value, Table));

test.each(tables.map((t) => [getTableName(t), t] as const))(
  "table %s has the columns that the migrations made",
  async (name, table) => {
    const rows = await database.db.execute<{ column_name: string; is_nullable: string }>(
      `select column_name, is_nullable from information_schema.columns where table_schema = 'public' and table_name = '${name}'`,
    );
    const inDatabase = rows.rows.map((r) => `${r.column_name}${r.is_nullable === "NO" ? " not null" : ""}`).sort();
    const inSchema = Object.values(getTableColumns(table))
      .map((c) => `${snake(c.name)}${c.notNull ? " not null" : ""}`)
      .sort();
    expect(inSchema).toEqual(inDatabase);
  },
);

test("the log refuses update, delete and truncate", async () => {
  await database.db.execute("insert into log_checkpoint (size, root, note, signed_at) values (1, 'x', 'n', now())");
  for (const statement of [
    "update log_checkpoint set note = 'm'",
    "delete from log_checkpoint",
    "truncate log_checkpoint",
    "truncate log_entry",
    "truncate log_leaf",
    "truncate log_node",
    "truncate signature",
  ]) {
    await expect(database.db.execute(statement), statement).rejects.toMatchObject({ cause: { code: "CS001" } });
  }
});
