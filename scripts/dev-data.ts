// The smallest database one can sign in to: migrates DATABASE_URL and creates Halden Group's units and personas.
//   DATABASE_URL=… node --conditions=react-server --import tsx scripts/dev-data.ts
// Without DATABASE_URL it starts the embedded server under DATA_DIR (default ./data) and leaves it running.

import { connect } from "@/db/client";
import { startEmbedded } from "@/db/embedded.mjs";
import { migrate } from "@/db/migrate";
import { seedOrganisation } from "@/db/seed/organisation";
import { newId } from "@/lib/core/ids";

const url = process.env.DATABASE_URL ?? (await startEmbedded(process.env.DATA_DIR ?? "./data")).url;
const applied = await migrate(url);
const { db, pool } = connect(url, 2);
const { rows } = await db.execute<{ n: number }>("select count(*)::int as n from person where persona");
if (rows[0]?.n === 0) {
  await seedOrganisation({ db, now: () => new Date(), requestId: newId() });
  console.log(`Halden Group created (${applied.length} migrations applied).`);
} else {
  console.log(`Halden Group was there already (${applied.length} migrations applied).`);
}
await pool.end();
console.log(`Serve it:  DATABASE_URL='${url}' npx next dev -p 3102`);
console.log("Sign in:   http://localhost:3102/sign-in, then click a persona.");
process.exit(0);
