import { expect, test } from "vitest";
import { crumbsOf } from "./crumbs";

test("names the way from the area to the page", () => {
  expect(crumbsOf("/")).toEqual([{ href: "/", name: "Home" }]);
  expect(crumbsOf("/kpis").map((c) => c.name)).toEqual(["KPIs"]);
  expect(crumbsOf("/models/card-fraud-score/readiness")).toEqual([
    { href: "/models", name: "Models" },
    { href: "/models/card-fraud-score", name: "card-fraud-score" },
    { href: "/models/card-fraud-score/readiness", name: "Readiness" },
  ]);
  expect(crumbsOf("/reviews/REV-0412").map((c) => c.name)).toEqual(["Reviews", "REV-0412"]);
});

test("a malformed escape does not throw", () => {
  expect(crumbsOf("/models/%E0%A4%A").map((c) => c.name)).toEqual(["Models", "%E0%A4%A"]);
});

test("an id that nobody reads gets a word", () => {
  expect(crumbsOf("/admin/connections/0198c1de-7a52-7c3e-9d0f-3f1f5f1c2a4b").map((c) => c.name)).toEqual([
    "Admin",
    "Connections",
    "Connection",
  ]);
});
