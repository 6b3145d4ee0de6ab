import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { type Browser, chromium } from "@playwright/test";
import { sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { newId } from "@/lib/core/ids";

export const openChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath: [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser"].find(
      (file) => file && existsSync(file),
    ),
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  });

/** A signed-in architect, written by SQL for benchmarks only; answers the cookie's value. */
export async function signIn(db: Db): Promise<string> {
  const cookie = `bench-${newId()}`;
  const person = newId();
  const hash = createHash("sha256").update(cookie).digest("hex");
  await db.execute(sql`
    with p as (insert into person (id, name, email, created_at) values (${person}, 'Bench Architect', 'architect@bench.example', now()) returning id),
    g as (insert into role_grant (id, person_id, role, granted_by, granted_at) select ${newId()}, id, 'architect', 'bench', now() from p)
    insert into session (session_token, id, user_id, expires) select ${hash}, ${newId()}, id, now() + interval '1 day' from p`);
  return cookie;
}

export type Visit = { ms: number; scriptBytes: number; scripts: number };

/**
 * Opens a page in a context of its own, nothing cached: milliseconds until `rows` rows are there, every script has loaded and run, and
 * the page is idle; and the bytes of script that came over the wire, compressed as they were.
 */
export async function visit(browser: Browser, url: string, cookie: string | null, rows: number): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    if (cookie) await context.addCookies([{ name: "authjs.session-token", value: cookie, url }]);
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    const scripts = new Set<string>();
    let scriptBytes = 0;
    session.on("Network.responseReceived", (e) => e.type === "Script" && scripts.add(e.requestId));
    session.on("Network.loadingFinished", (e) => {
      if (scripts.has(e.requestId)) scriptBytes += e.encodedDataLength;
    });
    const from = performance.now();
    await page.goto(url, { waitUntil: "load" });
    await page.waitForFunction((wanted) => document.querySelectorAll("tbody tr").length >= wanted, rows);
    await page.evaluate(() => new Promise<void>((resolve) => requestIdleCallback(() => resolve())));
    const ms = performance.now() - from;
    // What is fetched when the page is idle counts among the bytes.
    await page.waitForLoadState("networkidle");
    return { ms, scriptBytes, scripts: scripts.size };
  } finally {
    await context.close();
  }
}
