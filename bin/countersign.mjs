#!/usr/bin/env node
// The command line's launcher: the program itself is bundled by the build into one file without dependencies.
import fs from "node:fs";

const program = new URL("../dist/cli.mjs", import.meta.url);
if (!fs.existsSync(program)) {
  console.error("countersign is not built yet: run `npm run build` (or `npm start`) in its checkout first.");
  process.exit(2);
}
await import(program.href);
