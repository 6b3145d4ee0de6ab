// npm start: installs, builds, starts the database, migrates, seeds and serves. Imports nothing that must be installed.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Countersign needs Node 20.19 or later; this is ${process.versions.node}.`);
  process.exit(1);
}

const { launch } = await import("./launch/launch.mjs");
await launch(process.argv.slice(2));
