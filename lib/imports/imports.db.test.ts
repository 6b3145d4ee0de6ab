import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { models } from "@/db/schema/models";
import type { Ctx } from "@/lib/core/command";
import { claimModel } from "@/lib/models/claim";
import { modelCsv } from "@/lib/models/export";
import { registerModel } from "@/lib/models/register";
import { testDatabase } from "@/lib/testing/database";
import { testOrg } from "@/lib/testing/org";
import { registerUseCase } from "@/lib/use-cases/register";
import { applyImport } from "./apply";
import { checkImport } from "./check";
import { importGet } from "./queries";
import { refusedCsv } from "./refused";

let t: Awaited<ReturnType<typeof testDatabase>>;
let owner: Ctx;
let claims: Ctx;
let viewer: Ctx;
beforeAll(async () => {
  t = await testDatabase();
  const org = await testOrg(t.db);
  owner = await org.person("Otto Owner", "contributor", [org.units.retail]);
  claims = await org.person("Clara Claims", "contributor", [org.units.claims]);
  viewer = await org.person("Vera Viewer", "viewer");
  await registerUseCase(owner, {
    name: "Limits",
    problem: "Set limits that people can carry.",
    sponsor: "Head of Retail",
    businessUnit: "retail",
  });
});
afterAll(() => t.drop());

const head = "name,business_unit,kind,serving,platform,description";
const check = (text: string | Uint8Array, ctx = owner) =>
  checkImport(ctx, { fileName: "models.csv", bytes: typeof text === "string" ? Buffer.from(text) : text });
const rowsOf = async (id: string, ctx = owner) => (await importGet(ctx, { import: id })).rows;
const fatesOf = async (text: string) => {
  const { id } = await check(text);
  return (await rowsOf(id)).map((r) => [r.name, r.fate, ...r.faults.map((f) => f.column)]);
};
const count = async () => (await t.db.select({ id: models.id }).from(models)).length;

describe("a dry run", () => {
  test("says what each row would do, and changes nothing", async () => {
    await registerModel(owner, {
      name: "present",
      description: "As it is.",
      kind: "classical",
      servingType: "batch",
      platform: "mlflow",
      businessUnit: "retail",
    });
    const before = await count();
    const { id, counts } = await check(
      [
        `${head},owner,use_case,stage`,
        "fresh,retail,Deep learning,online,MLflow,Brand new,,UC-0001,pilot",
        "present,retail,classical,Batch,mlflow,As it is.,,,",
        'present-not,retail,classical,batch,mlflow,"Two\nlines, and a comma",,,',
        "present,retail,classical,batch,mlflow,Otherwise.,,,",
        "third,nowhere,magic,batch,mlflow,,nobody@example.com,UC-9999,",
        ",retail,classical,batch,mlflow,,,,",
      ].join("\r\n"),
    );
    expect(counts).toEqual({ create: 2, update: 0, unchanged: 1, refused: 3 });
    expect(await count()).toBe(before);
    const rows = await rowsOf(id);
    expect(rows.map((r) => [r.line, r.fate])).toEqual([
      [2, "create"],
      [3, "unchanged"],
      [4, "create"],
      [6, "refused"],
      [7, "refused"],
      [8, "refused"],
    ]);
    expect(rows[3]?.faults).toEqual([
      { column: "name", message: "Line 3 has the same name. Keep one of the two rows." },
    ]);
    expect(rows[4]?.faults.map((f) => f.column).sort()).toEqual(["business_unit", "kind", "owner", "use_case"]);
    expect(rows[5]?.faults[0]).toMatchObject({ column: "name" });
  });

  test("shows what an update changes", async () => {
    const { id } = await check("name;description;use_case\npresent;Otherwise.;Limits\n");
    expect(await rowsOf(id)).toMatchObject([
      {
        fate: "update",
        changes: [
          { column: "description", from: "As it is.", to: "Otherwise." },
          { column: "use_case", from: "", to: "Limits" },
        ],
      },
    ]);
  });

  test("refuses a new name that looks like a present one, unless it says why", async () => {
    const row = "retail,classical,batch,mlflow,";
    expect(await fatesOf(`${head}\nPresent-prod,${row}`)).toEqual([["Present-prod", "refused", "name"]]);
    expect(await fatesOf(`${head},distinct_because\nPresent-prod,${row},Another country.`)).toEqual([
      ["Present-prod", "create"],
    ]);
    expect(await fatesOf(`${head}\nlook-alike,${row}\nlook_alike,${row}`)).toEqual([
      ["look-alike", "create"],
      ["look_alike", "refused", "name"],
    ]);
  });

  test("asks the rules row by row", async () => {
    const own = await check(`${head}\nmine,claims,classical,batch,mlflow,\npresent,,,,,Taken over.`, claims);
    expect((await rowsOf(own.id, claims)).map((r) => [r.fate, r.faults[0]?.column])).toEqual([
      ["create", undefined],
      ["refused", "name"],
    ]);
    await expect(check(`${head}\n`, viewer)).rejects.toMatchObject({ code: "forbidden" });
    await expect(importGet(viewer, { import: own.id })).rejects.toMatchObject({ code: "forbidden" });
    await expect(importGet(owner, { import: own.id })).rejects.toMatchObject({ code: "not_found" });
  });

  test("survives a cell of a million characters and a row that is too wide", async () => {
    const { id, counts } = await check(
      `${head}\nhuge,retail,classical,batch,mlflow,${"x".repeat(1_000_000)}\nwide,retail,classical,batch,mlflow,a,b\nnul\0,retail,classical,batch,mlflow,`,
    );
    expect(counts.refused).toBe(3);
    const [huge, wide] = await rowsOf(id);
    expect(huge?.faults).toEqual([
      { column: "description", message: "At most 4000 characters. This cell has 1,000,000." },
    ]);
    expect(wide?.faults[0]?.message).toContain("7 cells, the header 6");
  });
});

describe("a file that cannot be read is refused in words", () => {
  test.each<[string, string | Uint8Array, RegExp]>([
    [
      "Latin-1",
      Buffer.from(`${head}\nm\u00fcller,retail,classical,batch,mlflow,`, "latin1"),
      /Line 2 has a byte that is not UTF-8: FC/,
    ],
    ["a header that nobody knows", "name,onwer\nx,y", /"onwer", which is no column of models/],
    ["a column twice", "name,name\nx,y", /names name twice/],
    ["no name", "kind\nclassical", /no column name/],
    ["an open quote", `${head}\n"x,retail`, /Line 2 opens a quote/],
    ["nothing", "\n\n", /is empty/],
  ])("%s", async (_what, text, message) => {
    await expect((async () => check(text))()).rejects.toMatchObject({ message: expect.stringMatching(message) });
  });
});

test.each([
  ["UTF-8 with BOM", Buffer.from(`\ufeff${head}\nz\u00fcrich,retail,classical,batch,mlflow,`)],
  ["UTF-16 LE", Buffer.from(`\ufeff${head}\nz,retail,classical,batch,mlflow,Z\u00fcrich`, "utf16le")],
  ["UTF-16 LE", Buffer.from(`${head}\nz,retail,classical,batch,mlflow,Z\u00fcrich`, "utf16le")],
  ["UTF-16 BE", Buffer.from(`\ufeff${head}\nz,retail,classical,batch,mlflow,Z\u00fcrich`, "utf16le").swap16()],
])("%s is read", async (encoding, bytes) => {
  expect(await check(bytes)).toMatchObject({ encoding, counts: { unchanged: 0 } });
});

describe("an import of 1,000 rows with 30 bad ones", () => {
  const names = Array.from({ length: 1000 }, (_, i) => `bulk${String.fromCharCode(97 + (i % 26))}${i}x`);
  const text = [
    head,
    ...names.map(
      (name, i) => `${name},${i % 33 === 5 && i < 990 ? "nowhere" : "retail"},classical,batch,mlflow,Row ${i}`,
    ),
  ].join("\n");
  let id: string;

  test("creates 970 with one entry, which stands in the history of each", async () => {
    const dry = await check(text);
    id = dry.id;
    expect(dry.counts).toEqual({ create: 970, update: 0, unchanged: 0, refused: 30 });
    expect(await applyImport(owner, { import: id })).toMatchObject({ counts: { create: 970, refused: 30 } });
    const { rows } = await t.db.execute<{ entries: number; concerned: number }>(sql`
      select (select count(*)::int from log_entry where name = 'models.imported') as entries,
        (select count(*)::int from log_entry_model x join log_entry e on e.id = x.entry_id where e.name = 'models.imported') as concerned`);
    expect(rows).toEqual([{ entries: 1, concerned: 970 }]);
  });

  test("twice is refused; the same file again changes nothing", async () => {
    await expect(applyImport(owner, { import: id })).rejects.toMatchObject({ code: "conflict" });
    expect((await check(text)).counts).toEqual({ create: 0, update: 0, unchanged: 970, refused: 30 });
  });

  test("gives the refused rows back with their reasons, to mend and bring again", async () => {
    const refused = await (await refusedCsv(owner, id)).text();
    expect(refused.trim().split("\r\n")).toHaveLength(31);
    const mended = await check(refused.replaceAll(",nowhere,", ",retail,"));
    expect(mended.counts).toEqual({ create: 30, update: 0, unchanged: 0, refused: 0 });
    expect(mended.passedOver).toEqual(["line", "reason"]);
  });

  test("a model that someone changed since the dry run is left out", async () => {
    const dry = await check(`name,description\n${names[0]},New words\n${names[1]},New words`);
    await claimModel(owner, { name: names[0], businessUnit: "retail", kind: "agent", servingType: "batch" });
    await t.db
      .update(models)
      .set({ description: "Someone else's" })
      .where(eq(models.name, names[0] ?? ""));
    expect(await applyImport(owner, { import: dry.id })).toMatchObject({ counts: { update: 1, refused: 1 } });
    expect((await rowsOf(dry.id))[0]?.faults[0]?.message).toContain("since the dry run");
  });

  test("who did not make the dry run does not carry it out", async () => {
    const dry = await check("name,description\npresent,By another");
    await expect(applyImport(claims, { import: dry.id })).rejects.toMatchObject({ code: "forbidden" });
  });
});

test("an export, formulas defused, comes back unchanged", async () => {
  await registerModel(owner, {
    name: "formula",
    description: '=HYPERLINK("https://evil.example","x")',
    method: "@SUM(A1)",
    kind: "classical",
    servingType: "batch",
    platform: "mlflow",
    businessUnit: "retail",
    team: "+49",
  });
  const csv = await (await modelCsv(owner, { q: "formula" })).text();
  expect(csv).toContain(`"'=HYPERLINK(""https://evil.example"",""x"")"`);
  const { id, counts } = await check(csv);
  expect(counts, JSON.stringify(await rowsOf(id))).toEqual({ create: 0, update: 0, unchanged: 1, refused: 0 });
});
