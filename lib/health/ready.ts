import "server-only";
import { readdirSync } from "node:fs";
import path from "node:path";
import { sql } from "drizzle-orm";
import { database } from "@/db/client";
import { config } from "@/lib/config/config";
import { logFault } from "@/lib/core/log-line";
import { jobsRunning } from "@/lib/jobs/start";
import { runningSequencer } from "@/lib/log/sequencer";
import { signingRefused } from "@/lib/signing/keys";
import type { Part } from "./health";

const migrations = readdirSync(path.join(process.cwd(), "db/migrations")).filter((f) => f.endsWith(".sql"));

/** Whether this process can serve: its database answers, is migrated to this release, and its jobs run where they should. */
export async function readiness(): Promise<Part[]> {
  return [...(await databaseParts()), logPart(), jobsPart()];
}

async function databaseParts(): Promise<Part[]> {
  try {
    const { rows } = await database().db.execute<{ name: string }>(sql`select name from migration`);
    const applied = new Set(rows.map((r) => r.name));
    const missing = migrations.filter((name) => !applied.has(name));
    return [
      { part: "database", ok: true, detail: "answers" },
      {
        part: "migrations",
        ok: missing.length === 0,
        detail: missing.length === 0 ? `${migrations.length} applied` : `not applied: ${missing.join(", ")}`,
      },
    ];
  } catch (error) {
    logFault(error, "ready");
    return [
      { part: "database", ok: false, detail: "does not answer" },
      { part: "migrations", ok: false, detail: "not known while the database does not answer" },
    ];
  }
}

/** A portal that found its database rolled back still serves what is there; it says so and signs nothing. */
function logPart(): Part {
  const refused = signingRefused();
  if (refused) return { part: "log", ok: true, detail: `signs nothing: ${refused}` };
  const ok = runningSequencer() !== null;
  return { part: "log", ok, detail: ok ? "sequencer runs" : "sequencer not started" };
}

function jobsPart(): Part {
  if (config().role === "web") return { part: "jobs", ok: true, detail: "left to workers (ROLE=web)" };
  const ok = jobsRunning();
  return { part: "jobs", ok, detail: ok ? "worker runs" : "worker not started" };
}
