// Rules of the house that neither types nor the linter can hold. Each fault names the file and the remedy.
import fs from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "..");
const folders = ["app", "bench", "bin", "components", "db", "e2e", "lib", "scripts"];

/** Where a transaction may be opened, and why there. Everywhere else a write is a command (decision 0001). */
const transactions = new Map([
  ["lib/core/command.ts", "the one place"],
  ["lib/core/as-of.ts", "read only: a transaction is what makes the views of the past local to one query"],
  ["lib/log/sequencer.ts", "gives committed entries their place; it writes no state of its own"],
  ["bench/p8-verify-log.ts", "fills a log of a million entries through the sequencer's integration"],
]);

const opens = (/** @type {string} */ text) => text.includes(".transaction(") || text.includes(" transact(");

/** Data in code: long because there is much of it, not because it does much. */
const data = ["db/seed/data/", "app/styles/"];
const longest = 400;

const files = folders.flatMap((folder) =>
  fs
    .readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile() && /\.(tsx?|mjs|css)$/.test(e.name))
    .map((e) => path.relative(root, path.join(e.parentPath, e.name)).replaceAll(path.sep, "/")),
);

const faults = [];
for (const file of files) {
  const text = fs.readFileSync(path.join(root, file), "utf8");
  const isTest = /\.(test|spec)\.tsx?$/.test(file) || file.startsWith("lib/testing/");
  if (opens(text) && !isTest && !transactions.has(file) && file !== "scripts/house-rules.mjs") {
    faults.push(
      `${file} opens a transaction: write through a command, or list it in scripts/house-rules.mjs with its reason`,
    );
  }
  // The proxy leaves the API out, so a route without the frame would answer under any host and without the headers of data.
  if (/^app\/api\/v1\/.*route\.ts$/.test(file) && !text.includes("= apiRoute")) {
    faults.push(`${file} is not served through apiRoute (lib/http/api-route.ts)`);
  }
  const lines = text.split("\n").length;
  if (lines > longest && !data.some((folder) => file.startsWith(folder))) {
    console.log(`long: ${file} has ${lines} lines; split it by subject`);
  }
}

for (const file of transactions.keys()) {
  if (!opens(fs.readFileSync(path.join(root, file), "utf8"))) {
    faults.push(`${file} opens no transaction any more: remove it from scripts/house-rules.mjs`);
  }
}
/** What a document names in backticks or links to is there; a document that lies is worse than none. */
const documents = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"].concat(
  fs.readdirSync(path.join(root, "content/decisions")).map((name) => `content/decisions/${name}`),
);
const ours = /^(\.ci|\.env|app|bench|bin|components|content|db|docs|e2e|lib|scripts)\/[\w./()[\]-]+$/;
for (const document of documents) {
  const text = fs.readFileSync(path.join(root, document), "utf8");
  const named = [...text.matchAll(/`([^`\n]+)`/g)].flatMap(([, code = ""]) =>
    code.split(/[\s,]+/).filter((word) => ours.test(word)),
  );
  // Pictures are made by a browser (docs/), not written; a link to a page is.
  const linked = [...text.matchAll(/(?<!!)\[[^\]]*\]\((?!https?:|#)([^)#\s]+)/g)].map(([, to = ""]) => to);
  if (text.split("\n").length > 150) faults.push(`${document} is longer than 150 lines; say less`);
  for (const name of new Set([...named, ...linked])) {
    if (!fs.existsSync(path.join(root, name))) faults.push(`${document} names ${name}, which does not exist`);
  }
}

for (const fault of faults) console.log(fault);
process.exit(faults.length > 0 ? 1 : 0);
