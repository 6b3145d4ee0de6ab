import { afterAll, beforeAll, expect, test } from "vitest";
import { apiTokens } from "@/db/schema/org";
import type { Ctx } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { type Board, testBoard } from "@/lib/testing/board";
import { testDatabase } from "@/lib/testing/database";
import { adrDiscussion, commentOnAdr } from "./comment";
import { acceptAdr } from "./judge";
import { proposeAdr, reviseAdr } from "./write";

let t: Awaited<ReturnType<typeof testDatabase>>;
let b: Board;
beforeAll(async () => {
  t = await testDatabase();
  b = await testBoard(t.db);
});
afterAll(() => t.drop());

const content = "# Use X\n\n## Context\nWhy.\n\n## Decision\nThis.\n\n### Confirmation\nA check.\n";
const said = async (ref: string) => (await adrDiscussion(b.as("viewer"), { ref })).items;

test("comments stand beside their section and its revision, also after the section is gone and the record signed off", async () => {
  const { ref } = await proposeAdr(b.as("owner"), { content });
  await commentOnAdr(b.as("compliance"), { ref, text: "Who pays?" });
  await commentOnAdr(b.as("security"), { ref, section: "s-confirmation", text: "Not *enough*." });
  const revised = await reviseAdr(b.as("owner"), {
    ref,
    content: content.replace("Confirmation", "Proof"),
    basedOn: 1,
  });
  await acceptAdr(b.as("architect"), { ref, digest: revised.digest });
  await commentOnAdr(b.as("owner"), { ref, section: "s-decision", text: "Done." });
  expect(await said(ref)).toMatchObject([
    { section: null, author: "compliance", authorKind: "person", revision: 1, text: "Who pays?" },
    { section: "s-confirmation", sectionTitle: "Confirmation", revision: 1 },
    { section: "s-decision", revision: 2 },
  ]);
  const { items, next } = await adrDiscussion(b.as("viewer"), { ref, limit: 2 });
  expect(items).toHaveLength(2);
  expect((await adrDiscussion(b.as("viewer"), { ref, limit: 2, after: next })).items).toMatchObject([
    { text: "Done." },
  ]);
  await expect(
    commentOnAdr(b.as("owner"), { ref, section: "s-confirmation", text: "Too late." }),
  ).rejects.toMatchObject({ code: "invalid", message: expect.stringContaining("no such section") });
});

test("an agent may say something and is marked as one", async () => {
  const { ref } = await proposeAdr(b.as("owner"), { content });
  const id = newId();
  await t.db.insert(apiTokens).values({
    id,
    name: "review helper",
    prefix: "cs_x",
    hash: Buffer.from(id),
    actorKind: "agent",
    personId: null,
    roles: ["agent"],
    createdBy: "test",
    createdAt: b.clock.at,
  });
  const agent: Ctx = {
    ...b.as("owner"),
    actor: { kind: "agent", id, name: "review helper", grants: [{ role: "agent", units: null }], scopes: null },
  };
  await commentOnAdr(agent, { ref, text: "ADR-0002 says otherwise." });
  expect(await said(ref)).toMatchObject([{ author: "review helper", authorKind: "agent" }]);
});

test.each([
  ["a viewer", () => b.as("viewer")],
  ["an administrator", () => b.as("admin")],
])("%s cannot comment", async (_, who) => {
  const { ref } = await proposeAdr(b.as("owner"), { content });
  await expect(commentOnAdr(who(), { ref, text: "Hm." })).rejects.toMatchObject({ code: "forbidden" });
});
