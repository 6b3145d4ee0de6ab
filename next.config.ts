import type { NextConfig } from "next";

export default {
  poweredByHeader: false,
  // Several hosts reach one server: the portal, the signing origin and the log (docs/hosts.md).
  allowedDevOrigins: ["localhost", "*.localhost"],
  serverExternalPackages: ["pg"],
  // The largest evidence file and its envelope; the default would cut uploads at 10 MB (lib/evidence/evidence.ts).
  experimental: { proxyClientMaxBodySize: "21mb" },
} satisfies NextConfig;
