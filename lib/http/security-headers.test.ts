import { expect, test } from "vitest";
import { contentSecurityPolicy, type Place, securityHeaders } from "./security-headers";

const policy = (place: Place, more: Partial<Parameters<typeof contentSecurityPolicy>[0]> = {}) =>
  contentSecurityPolicy({ place, nonce: "N", secure: true, dev: false, issuer: null, ...more });

test.each(["page", "sign-in", "sign"] as const)("%s runs scripts by nonce only and is never framed", (place) => {
  expect(policy(place)).toContain("script-src 'self' 'nonce-N' 'strict-dynamic';");
  expect(policy(place)).toContain("frame-ancestors 'none'");
  expect(policy(place)).toContain("default-src 'none'");
  expect(policy(place)).not.toContain("unsafe-eval");
});

test("inline style sheets are allowed where diagrams are, and nowhere else", () => {
  expect(policy("page")).toContain("style-src 'self' 'unsafe-inline'");
  for (const place of ["sign-in", "sign"] as const) {
    expect(policy(place)).toContain("style-src-elem 'self' 'nonce-N'");
    expect(policy(place)).not.toContain("style-src 'self' 'unsafe-inline'");
  }
});

test("only the sign-in form may lead to the identity provider", () => {
  const issuer = "https://id.example";
  expect(policy("sign-in", { issuer })).toContain("form-action 'self' https://id.example");
  expect(policy("page", { issuer })).not.toContain(issuer);
  expect(policy("sign", { issuer })).not.toContain(issuer);
});

test("data runs nothing", () => {
  expect(policy("data")).toBe("default-src 'none'; frame-ancestors 'none'; sandbox");
});

test("transport security is promised over https only", () => {
  expect(securityHeaders({ place: "page", secure: true })["strict-transport-security"]).toContain("max-age=31536000");
  expect(securityHeaders({ place: "page", secure: false })["strict-transport-security"]).toBeUndefined();
  expect(policy("page", { secure: false })).not.toContain("upgrade-insecure-requests");
});
