import { expect, test } from "vitest";
import { identityOf, rolesOfGroups } from "./claims";

test("an identity from the claims of a provider", () => {
  expect(
    identityOf(
      { sub: "u1", email: "Priya@Halden.example", name: "Priya Raman", groups: ["a", "b"], extra: 1 },
      "groups",
    ),
  ).toEqual({
    subject: "u1",
    email: "priya@halden.example",
    emailRefuted: false,
    name: "Priya Raman",
    groups: ["a", "b"],
  });
});

test.each([
  [{ sub: "u1", roles: "one" }, ["one"]],
  [{ sub: "u1", roles: ["one", "two"] }, ["one", "two"]],
  [{ sub: "u1" }, []],
  [{ sub: "u1", roles: [1, 2] }, []],
  [{ sub: "u1", roles: { admin: true } }, []],
])("groups in %j are %j", (claims, groups) => {
  expect(identityOf(claims, "roles").groups).toEqual(groups);
});

test.each([{}, { sub: "" }, { sub: 7 }, { sub: "u1", email: "not an address" }])("%j is no identity", (claims) => {
  expect(() => identityOf(claims, "groups")).toThrow();
});

test("an address that the provider itself does not believe is marked", () => {
  expect(identityOf({ sub: "u", email: "a@b.example", email_verified: "false" }, "g").emailRefuted).toBe(true);
  expect(identityOf({ sub: "u", email: "a@b.example", email_verified: true }, "g").emailRefuted).toBe(false);
});

test("groups become roles, each once, and unknown groups nothing", () => {
  const map = [
    { group: "chairs", role: "board_chair" as const, unit: null },
    { group: "owners", role: "contributor" as const, unit: "cards" },
    { group: "owners-2", role: "contributor" as const, unit: "cards" },
    { group: "all", role: "contributor" as const, unit: null },
  ];
  expect(rolesOfGroups(["owners", "owners-2", "all", "strangers"], map)).toEqual([
    { role: "contributor", unit: "cards" },
    { role: "contributor", unit: null },
  ]);
});
