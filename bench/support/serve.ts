import { rm } from "node:fs/promises";
import http from "node:http";
import type { AddressInfo } from "node:net";
import pg from "pg";
import { connect, type Db } from "@/db/client";
import { startEmbedded } from "@/db/embedded.mjs";
import { migrate } from "@/db/migrate";
import { byToken } from "@/lib/auth/identify";
import { newId } from "@/lib/core/ids";
import { answer, type Operation, router } from "@/lib/http/dispatch";
import { problemResponse } from "@/lib/http/problem";
import { temporaryFolder } from "./process";

export type Served = { url: string; close: () => void };

/** A handler on a port of its own. */
export async function listen(handle: http.RequestListener): Promise<Served> {
  const server = http.createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Operations behind their dispatcher and token check, as the API route serves them, without Next around it. */
export function serveOperations(db: Db, operations: readonly Operation[]): Promise<Served> {
  const routes = router(operations);
  return listen(async (request, response) => {
    const web = new Request(`http://localhost${request.url}`, {
      headers: { authorization: request.headers.authorization ?? "" },
    });
    const requestId = newId();
    const reply = await answer(web, new URL(web.url).pathname.split("/").filter(Boolean), routes, async () => ({
      db,
      actor: await byToken(db, (request.headers.authorization ?? "").slice(7), new Date()),
      now: () => new Date(),
      requestId,
    })).catch((error: unknown) => problemResponse(error, requestId));
    response.writeHead(reply.status, { "content-type": "application/json" });
    response.end(Buffer.from(await reply.arrayBuffer()));
  });
}

export type Server = { make: (name: string) => Promise<{ db: Db; pool: pg.Pool; url: string }> };

/** An embedded server in a folder of its own, gone afterwards; `make` gives migrated databases on it. DATABASE_URL names one to use. */
export async function withServer(work: (server: Server) => Promise<void>): Promise<void> {
  const dir = await temporaryFolder();
  const embedded = process.env.DATABASE_URL ? null : await startEmbedded(dir);
  const base = process.env.DATABASE_URL ?? embedded?.url ?? "";
  const made: { pool: pg.Pool; name: string }[] = [];
  const admin = async (text: string) => {
    const client = new pg.Client({ connectionString: base });
    await client.connect();
    await client.query(text).finally(() => client.end());
  };
  try {
    await work({
      make: async (purpose) => {
        const name = `bench_${purpose}_${process.pid}`;
        await admin(`create database ${name}`);
        const url = new URL(base);
        url.pathname = `/${name}`;
        await migrate(url.toString());
        const opened = connect(url.toString(), 12);
        made.push({ pool: opened.pool, name });
        return { ...opened, url: url.toString() };
      },
    });
  } finally {
    for (const { pool, name } of made) {
      await pool.end();
      if (!embedded) await admin(`drop database ${name} with (force)`);
    }
    await embedded?.stop();
    await rm(dir, { recursive: true, force: true });
  }
}
