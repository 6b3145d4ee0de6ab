import type { NextConfig } from "next";

export default {
  poweredByHeader: false,
  // Several hosts reach one server: the portal, the signing origin and the log (docs/hosts.md).
  allowedDevOrigins: ["localhost", "*.localhost"],
  serverExternalPackages: ["pg"],
} satisfies NextConfig;
