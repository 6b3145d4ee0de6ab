import path from "node:path";
import esbuild from "esbuild";

/** Bundles the command line into one file, as the build does (scripts/build.mjs), for tests that run it as a program. */
export async function cliFile(folder: string): Promise<string> {
  const outfile = path.join(folder, "countersign.mjs");
  await esbuild.build({
    entryPoints: ["bin/cli.ts"],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "warning",
    alias: { "server-only": "./lib/testing/server-only.ts" },
    external: ["pg-native"],
    banner: { js: 'import { createRequire as __cr } from "node:module"; const require = __cr(import.meta.url);' },
  });
  return outfile;
}
