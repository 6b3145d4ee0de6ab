// npm run build: the portal (next build) and the programs beside it (dist/*.mjs).
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { root, sourceHash, stampBuild } from "./launch/ready-to-run.mjs";

/** Run by the launcher, with node_modules beside them. */
const programs = { prepare: "db/prepare.ts", config: "lib/config/main.ts", seed: "db/seed/main.ts" };

/** Bundles that the launcher imports, and the command line, which is one file without any package beside it. */
export async function bundle() {
  const esbuild = await import("esbuild");
  const common = {
    absWorkingDir: root,
    bundle: true,
    platform: /** @type {const} */ ("node"),
    target: "node20.19",
    format: /** @type {const} */ ("esm"),
    logLevel: /** @type {const} */ ("warning"),
    // The package throws outside a bundler that knows the server condition; it has nothing to say here.
    alias: { "server-only": "./lib/testing/server-only.ts" },
  };
  const present = Object.fromEntries(
    Object.entries(programs).filter(([, file]) => fs.existsSync(path.join(root, file))),
  );
  await esbuild.build({
    ...common,
    entryPoints: present,
    packages: "external",
    outdir: "dist",
    outExtension: { ".js": ".mjs" },
  });
  await esbuild.build({
    ...common,
    entryPoints: { cli: "bin/cli.ts" },
    outdir: "dist",
    outExtension: { ".js": ".mjs" },
    external: ["pg-native"],
    minifySyntax: true,
    // Packages that are CommonJS inside call require for Node's own modules.
    banner: { js: 'import { createRequire as __cr } from "node:module"; const require = __cr(import.meta.url);' },
  });
  // Otherwise its helper process lives as long as the launcher.
  await esbuild.stop();
}

/** The whole build; stamps it with the sources it was made from. */
export async function build() {
  const hash = sourceHash();
  fs.rmSync(path.join(root, "dist/.stamp"), { force: true });
  await bundle();
  const next = spawnSync(process.execPath, [path.join(root, "node_modules/next/dist/bin/next"), "build"], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
  });
  if (next.status !== 0) throw new Error(`next build ended with ${next.status ?? next.signal}.`);
  stampBuild(hash);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await build().catch((error) => {
    console.error(error.message);
    process.exit(1);
  });
}
