// Bundles the signing page's script into lib/signing/page/page.js, which is committed so that anyone can read and hash what runs.
// With --check it only says whether the committed file is that of the source.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const file = `${root}lib/signing/page/page.js`;

/** The bundle's text; the same source gives the same bytes. */
export async function bundle() {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ["lib/signing/page/main.ts"],
    bundle: true,
    write: false,
    format: "iife",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
  });
  return outputFiles[0].text;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = await bundle();
  if (!process.argv.includes("--check")) writeFileSync(file, text);
  else if (readFileSync(file, "utf8") !== text) {
    console.error("lib/signing/page/page.js is not the bundle of its source. Run: node scripts/signing-page.mjs");
    process.exit(1);
  }
}
