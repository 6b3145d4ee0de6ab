import { expect, test } from "vitest";
import { type Hosts, routeOf } from "./hosts";

const hosts: Hosts = {
  publicUrl: "https://countersign.example",
  portalHost: "countersign.example",
  signHost: "sign.countersign.example",
  logHost: "log.countersign.example",
};
const local: Hosts = {
  publicUrl: "http://localhost:3000",
  portalHost: "localhost:3000",
  signHost: "sign.localhost:3000",
  logHost: "log.localhost:3000",
};

test.each([
  ["countersign.example", "/", "serve portal"],
  ["Countersign.Example:8443", "/models", "serve portal"],
  ["countersign.example.", "/models", "serve portal"],
  ["countersign.example", "/signals", "serve portal"],
  ["countersign.example", "/sign-in", "serve portal"],
  ["countersign.example", "/sign", "tell 404"],
  ["countersign.example", "/sign/abc", "tell 404"],
  ["countersign.example", "/api/sign/abc", "tell 404"],
  ["sign.countersign.example", "/sign/abc", "serve sign"],
  ["sign.countersign.example", "/api/sign/abc", "serve sign"],
  ["sign.countersign.example", "/", "tell 404"],
  ["sign.countersign.example", "/models", "tell 404"],
  ["sign.countersign.example", "/sign-in", "tell 404"],
  ["sign.countersign.example", "/api/v1/models", "tell 404"],
  ["sign.countersign.example", "/api/auth/session", "tell 404"],
  ["log.countersign.example", "/", "tell 200"],
  ["log.countersign.example", "/checkpoint", "rewrite /api/log/checkpoint"],
  ["log.countersign.example", "/tile/0/x001/000", "rewrite /api/log/tile/0/x001/000"],
  ["log.countersign.example", "/api/v1/models", "rewrite /api/log/api/v1/models"],
  ["log.countersign.example", "/.well-known/portal-keys.json", "serve log"],
  ["evil.example", "/", "tell 421"],
  ["sign.countersign.example.evil.example", "/sign/a", "tell 421"],
  ["10.0.0.7:3000", "/models", "tell 421"],
  ["10.0.0.7:3000", "/api/ready", "serve any"],
  [null, "/", "tell 421"],
  ["127.0.0.1", "/", "tell 421"],
])("%s%s: %s", (host, path, expected) => {
  expect(words(routeOf(hosts, host, path))).toBe(expected);
});

test.each([
  ["localhost:3000", "/", "serve portal"],
  ["127.0.0.1:4711", "/api/v1/models", "serve portal"],
  ["[::1]:3000", "/", "serve portal"],
  ["sign.localhost:3000", "/models", "tell 404"],
  ["log.localhost:3000", "/checkpoint", "rewrite /api/log/checkpoint"],
])("on a laptop %s%s: %s", (host, path, expected) => {
  expect(words(routeOf(local, host, path))).toBe(expected);
});

function words(route: ReturnType<typeof routeOf>): string {
  if (route.kind === "serve") return `serve ${route.site}`;
  if (route.kind === "rewrite") return `rewrite ${route.path}`;
  return `tell ${route.status}`;
}
