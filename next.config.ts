import type { NextConfig } from "next";

export default {
  poweredByHeader: false,
  // Several hosts reach one server: the portal, the signing origin and the log (docs/hosts.md).
  allowedDevOrigins: ["localhost", "*.localhost"],
  serverExternalPackages: ["pg"],
  // The largest evidence file and its envelope; the default would cut uploads at 10 MB (lib/evidence/evidence.ts).
  // Minified, the server's code is slower (a readiness check by four times: small functions are folded into large ones that are
  // not optimized) and its stack traces say nothing.
  experimental: { proxyClientMaxBodySize: "21mb", serverMinification: false },
} satisfies NextConfig;
