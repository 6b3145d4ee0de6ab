import { expect, test } from "vitest";
import { atEdge } from "./at-edge";

const ask = (host: string) =>
  atEdge(new Request("http://localhost/api/v1/gate/check", { method: "POST", headers: { host } }), async () =>
    Response.json({ decision: "allow" }),
  );

test("the portal's host is served, with the headers of data", async () => {
  const response = await ask("localhost:3000");
  expect(response.status).toBe(200);
  expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(response.headers.get("x-content-type-options")).toBe("nosniff");
});

test.each([
  ["sign.localhost:3000", 404],
  ["log.localhost:3000", 404],
  ["elsewhere.example", 421],
])("%s is told where to go, with the same headers", async (host, status) => {
  const response = await ask(host);
  expect(response.status).toBe(status);
  expect(response.headers.get("x-frame-options")).toBe("DENY");
});
