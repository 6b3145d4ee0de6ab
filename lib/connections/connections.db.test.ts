import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { jobs } from "@/db/schema/log";
import { connections } from "@/db/schema/models";
import type { Ctx } from "@/lib/core/command";
import { testDatabase } from "@/lib/testing/database";
import { testOrg } from "@/lib/testing/org";
import { confirmImport } from "./confirm-import";
import { createConnection } from "./create";
import { editConnection } from "./edit";
import { removeConnection } from "./remove";
import { requestSync } from "./request-sync";

let t: Awaited<ReturnType<typeof testDatabase>>;
let admin: Ctx;
let owner: Ctx;
beforeAll(async () => {
  t = await testDatabase();
  const org = await testOrg(t.db);
  admin = await org.person("Ada Admin", "admin");
  owner = await org.person("Otto Owner", "contributor");
});
afterAll(() => t.drop());

let n = 0;
const connected = (set: Record<string, unknown> = {}) => {
  n += 1;
  return createConnection(admin, { name: `registry ${n}`, baseUrl: `https://mlflow-${n}.example/`, ...set });
};
const row = async (id: string) => (await t.db.select().from(connections).where(eq(connections.id, id)))[0];
const withToken = { auth: "bearer", secret: "a-token-of-theirs" };

const waitingSyncs = (id: string) =>
  t.db
    .select()
    .from(jobs)
    .where(eq(jobs.uniqueKey, `registry.sync:${id}`));

test("nothing is imported before somebody confirmed it; a pipeline may confirm at once", async () => {
  const { id } = await connected();
  expect(await row(id)).toMatchObject({ importConfirmedAt: null });
  expect(await waitingSyncs(id)).toEqual([]);
  await expect(requestSync(admin, { id })).rejects.toMatchObject({ code: "conflict" });
  await expect(confirmImport(owner, { id })).rejects.toMatchObject({ code: "forbidden" });
  await confirmImport(admin, { id });
  expect(await row(id)).toMatchObject({ importConfirmedAt: expect.any(Date) });
  expect(await waitingSyncs(id)).toHaveLength(1);
});

test("a connection keeps its secret sealed, syncs at the portal's pace unless told, and its first sync waits", async () => {
  const { id } = await connected({ ...withToken, import: true });
  const stored = await row(id);
  expect(stored).toMatchObject({ baseUrl: `https://mlflow-${n}.example`, everyMinutes: 15, prodAlias: "champion" });
  expect(stored?.secret?.includes("a-token-of-theirs")).toBe(false);
  const waiting = await waitingSyncs(id);
  expect(waiting).toMatchObject([{ name: "registry.sync" }]);
});

test.each<[string, (id: string) => Promise<unknown>, string]>([
  ["connected by an owner", () => createConnection(owner, { name: "mine", baseUrl: "https://x.example" }), "forbidden"],
  ["edited by an owner", (id) => editConnection(owner, { id, everyMinutes: 5 }), "forbidden"],
  ["removed by an owner", (id) => removeConnection(owner, { id }), "forbidden"],
  ["synced by an owner", (id) => requestSync(owner, { id }), "forbidden"],
  ["an address that is no web address", () => connected({ baseUrl: "ftp://x.example" }), "invalid"],
  ["a token that is missing", () => connected({ auth: "bearer" }), "invalid"],
  ["a sign-in that MLflow has not", () => connected({ auth: "kerberos" }), "invalid"],
  ["a setting that MLflow has not", () => connected({ settings: { region: "eu" } }), "invalid"],
  ["an address left out where nothing says it", () => connected({ baseUrl: undefined }), "invalid"],
  ["more often than a minute", () => connected({ everyMinutes: 0 }), "invalid"],
  ["a name that is taken", () => connected({ name: "registry 1" }), "conflict"],
  [
    "a stored token at another address",
    (id) => editConnection(admin, { id, baseUrl: "https://elsewhere.example" }),
    "invalid",
  ],
])("%s: refused", async (_what, call, code) => {
  const { id } = await connected(withToken);
  const before = await row(id);
  await expect((async () => call(id))()).rejects.toMatchObject({ name: "Refusal", code });
  expect(await row(id)).toEqual(before);
});

test("an edit that changes nothing writes nothing; removing erases the secret and ends everything else", async () => {
  const { id, name } = await connected(withToken);
  expect(await editConnection(admin, { id, everyMinutes: 15 })).toEqual({ id, name });
  await editConnection(admin, { id, everyMinutes: 60 });
  expect(await row(id)).toMatchObject({ everyMinutes: 60 });
  await removeConnection(admin, { id });
  expect(await row(id)).toMatchObject({ secret: null, removedAt: expect.any(Date) });
  await expect(requestSync(admin, { id })).rejects.toMatchObject({ code: "not_found" });
  await expect(removeConnection(admin, { id })).rejects.toMatchObject({ code: "not_found" });
});
