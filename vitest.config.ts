import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL(".", import.meta.url));

export default defineConfig({
  resolve: {
    // "server-only" throws outside a bundler that knows the server condition; Next aliases it, so do we.
    alias: { "@": root, "server-only": fileURLToPath(new URL("./lib/testing/server-only.ts", import.meta.url)) },
  },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["{lib,db,components,content,bin,scripts}/**/*.test.{ts,tsx}"],
          exclude: ["**/*.db.test.ts", "**/*.live.test.ts", "**/node_modules/**"],
          // A busy machine is no fault of the code; a hang still ends.
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "db",
          // next-auth imports "next/server" as only a bundler resolves it.
          server: { deps: { inline: ["next-auth"] } },
          include: ["{lib,db,app,bin,scripts}/**/*.db.test.ts"],
          globalSetup: ["lib/testing/global-database.ts"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "live",
          include: ["{lib,db,bin}/**/*.live.test.ts"],
          globalSetup: ["lib/testing/global-database.ts"],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
    maxWorkers: 2,
  },
});
