import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { connect } from "@/db/client";
import { systemActor } from "@/lib/core/actor";
import { newId } from "@/lib/core/ids";
import { provideToken } from "@/lib/tokens/provide";
import { newToken } from "@/lib/tokens/secret";
import { type CliCommand, exit, type Io, UsageError } from "../command";

/** Makes a token for a person, straight in the database: for whoever runs the machine. */
export const tokenCreate: CliCommand = {
  name: "token create",
  summary: "make an API token for a person, on the portal's own machine",
  help: `countersign token create --as EMAIL [--name NAME] [--scopes RIGHT,RIGHT…] [--days N]
  --as      the person the token acts as
  --name    what it is for (default: "made on the command line")
  --scopes  rights it is limited to (default: all rights of the person)
  --days    days until it expires, 1 to 366 (default: 90)
Uses DATABASE_URL, or the portal that runs on DATA_DIR (default: data). Prints the token, once, on standard output.`,
  async run(args, io) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        as: { type: "string" },
        name: { type: "string" },
        scopes: { type: "string" },
        days: { type: "string" },
      },
    });
    if (!values.as) throw new UsageError("--as EMAIL is missing: whom shall the token act as?");
    const days = values.days === undefined ? 90 : Number(values.days);
    const { db, pool } = connect(databaseUrl(io), 1);
    try {
      const token = newToken();
      const { expiresAt } = await provideToken(
        { db, actor: systemActor, now: () => new Date(), requestId: newId() },
        {
          token,
          name: values.name ?? "made on the command line",
          person: values.as,
          days,
          ...(values.scopes === undefined ? {} : { scopes: values.scopes.split(",").map((s) => s.trim()) }),
        },
      );
      io.out(token);
      io.err(`A token for ${values.as}, until ${expiresAt?.toISOString()}. It is not shown again.`);
      return exit.yes;
    } finally {
      await pool.end();
    }
  },
};

const running = z.object({ databaseUrl: z.string() });

/** DATABASE_URL, or what the launcher wrote down beside its data. */
function databaseUrl(io: Io): string {
  if (io.env.DATABASE_URL) return io.env.DATABASE_URL;
  const file = path.join(io.env.DATA_DIR ?? "data", "run.json");
  if (!fs.existsSync(file))
    throw new UsageError(
      `No portal runs on ${path.dirname(path.resolve(file))}. Start it, or set DATABASE_URL or DATA_DIR.`,
    );
  return running.parse(JSON.parse(fs.readFileSync(file, "utf8"))).databaseUrl;
}
