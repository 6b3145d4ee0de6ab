import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { APIRequestContext, Page, Request } from "@playwright/test";
import pg from "pg";
import { withPasskey } from "./passkey";
import { expect, test } from "./test";

test.use({ demo: true });

/** What the signed-in person's own pages may send: the API takes a session from there only. */
const own = { headers: { "sec-fetch-site": "same-origin" } };
const model = "card-fraud-score";

/** How many log entries of a name a subject has. */
async function entries(api: APIRequestContext, name: string, subject: string): Promise<number> {
  const answer = await api.get(`log/entries?name=${name}&subject=${subject}&limit=200`);
  expect(answer.ok()).toBe(true);
  return (await answer.json()).entries.length;
}

/** The open release of the model to production. */
async function openRelease(api: APIRequestContext): Promise<{ ref: string; version: string; digest: string }> {
  const answer = await api.get(`releases?model=${model}&status=open&environment=prod`);
  const [found] = (await answer.json()).releases;
  expect(found, `${model} waits for a signature in the demo`).toBeTruthy();
  return found;
}

async function problem(
  answer: { status: () => number; json: () => Promise<unknown> },
  status: number,
): Promise<string> {
  const body = (await answer.json()) as { detail: string };
  expect([answer.status(), body.detail]).toEqual([status, expect.stringMatching(/\w/)]);
  return body.detail;
}

/** A button that cannot be used says why in its description. */
async function disabledBecause(page: Page, button: string, reason: RegExp): Promise<void> {
  const found = page.getByRole("button", { name: button });
  await expect(found).toHaveAttribute("aria-disabled", "true");
  await expect(found).toHaveAccessibleDescription(reason);
}

async function enrol(page: Page, name: string): Promise<void> {
  await page.goto("/account/keys");
  await page.getByLabel("Name of the key").fill(name);
  await page.getByRole("button", { name: "Continue on the signing page" }).click();
  await page.waitForURL(/sign\.localhost/);
  await page.locator("#go").click();
  await expect(page.locator("#go-label")).toHaveText(/Sign with the new passkey/);
  await page.locator("#go").click();
  await expect(page.locator("#done")).toBeVisible();
}

/** Words the statement on the release page and returns the address of its signing page. */
async function signingLink(page: Page, portal: { address: string }, release: string): Promise<string> {
  await page.goto(`${portal.address}/releases/${release}`);
  await page.getByRole("button", { name: "Read and sign" }).click();
  const link = page.getByRole("link", { name: "Open the signing page" });
  await expect(link).toBeVisible();
  return (await link.getAttribute("href")) ?? "";
}

test("whoever asked for a release cannot approve it, on the page or through the API", async ({ pageAs, api }) => {
  const { version } = await openRelease(api);
  const page = await pageAs("Priya Raman");
  const asked = await page.request.post("/api/v1/releases", {
    ...own,
    data: { model, version, environment: "staging" },
  });
  expect(asked.status(), await asked.text()).toBe(201);
  const { ref } = await asked.json();
  await page.goto(`/releases/${ref}`);
  await disabledBecause(page, "Read and sign", /You asked for this release; another person must approve it/);
  const refused = await page.request.post(`/api/v1/releases/${ref}/approvals/prepare`, { ...own, data: {} });
  expect(await problem(refused, 403)).toMatch(/another person must approve it/);
  expect(await entries(api, "approval.prepared", ref)).toBe(0);
});

for (const [who, reason] of [
  ["Agnes Thorne", /you hold none of these roles/],
  ["Samuel Oyelaran", /you hold none of these roles/],
  ["Elin Brandt", /An administrator configures the portal and takes part in no decision/],
] as const) {
  test(`${who} lacks the role to sign, and is told so`, async ({ pageAs, api }) => {
    const { ref } = await openRelease(api);
    const page = await pageAs(who);
    await page.goto(`/releases/${ref}`);
    await disabledBecause(page, "Read and sign", reason);
    const before = await entries(api, "approval.prepared", ref);
    const refused = await page.request.post(`/api/v1/releases/${ref}/approvals/prepare`, { ...own, data: {} });
    expect(await problem(refused, 403)).toMatch(reason);
    expect(await entries(api, "approval.prepared", ref)).toBe(before);
  });
}

test("an ended session keeps what was typed, and says so", async ({ pageAs, api }) => {
  const { ref } = await openRelease(api);
  const page = await pageAs("Noor Haddad");
  await page.goto(`/releases/${ref}`);
  await page.getByRole("button", { name: "Reject instead" }).click();
  const typed = "The fairness gap grew and nobody says why.";
  await page.getByLabel("Why do you reject?").fill(typed);
  await page.context().clearCookies();
  await page.getByRole("button", { name: "Read and reject" }).click();
  await expect(page.getByText("Your session has ended.")).toBeVisible();
  await expect(page.getByLabel("Why do you reject?")).toHaveValue(typed);
});

test("a session that is ended in another tab keeps a long record, and it can be sent after signing in again", async ({
  pageAs,
}) => {
  const page = await pageAs("Priya Raman");
  await page.goto("/decisions/new");
  const record = `---\nstatus: proposed\n---\n\n# Scores are kept for a year\n\n## Context and Problem Statement\n\n${"Disputes arrive late. ".repeat(60)}\n\n## Considered Options\n\n* A year\n* A month\n\n## Decision Outcome\n\nChosen option: "A year", because disputes arrive late.\n`;
  await page.getByLabel("Record", { exact: true }).fill(record);
  // Every session of hers ends, as if from another device.
  const listed = await page.request.get("/api/v1/sessions?person=me");
  for (const { id } of (await listed.json()).items as { id: string }[])
    await page.request.delete(`/api/v1/sessions/${id}`, own);
  await page.getByRole("button", { name: "Propose" }).click();
  await expect(page.getByText("Your session has ended.")).toBeVisible();
  await expect(page.getByLabel("Record", { exact: true })).toHaveValue(record);

  const other = await page.context().newPage();
  await other.goto("/sign-in");
  await other.getByRole("button", { name: "Priya Raman" }).click();
  await expect(other).not.toHaveURL(/sign-in/);
  await page.getByRole("button", { name: "Propose" }).click();
  await expect(page).toHaveURL(/\/decisions\/ADR-\d+/);
});

test("a server action from a foreign page does nothing", async ({ pageAs, api }) => {
  const { ref } = await openRelease(api);
  const page = await pageAs("Noor Haddad");
  await page.goto(`/releases/${ref}`);
  const [sent] = await Promise.all([
    page.waitForRequest((r: Request) => r.method() === "POST" && "next-action" in r.headers()),
    page.getByRole("button", { name: "Read and sign" }).click(),
  ]);
  await expect(page.getByRole("button", { name: /Word it again/ })).toBeVisible();
  const before = await entries(api, "approval.prepared", ref);
  const replay = (origin: string) =>
    page.request.post(sent.url(), {
      headers: {
        "next-action": sent.headers()["next-action"] ?? "",
        "content-type": sent.headers()["content-type"] ?? "",
        accept: "text/x-component",
        origin,
      },
      data: sent.postDataBuffer() ?? Buffer.alloc(0),
    });
  expect((await replay("https://evil.example")).ok()).toBe(false);
  expect((await replay("null")).ok()).toBe(false);
  expect(await entries(api, "approval.prepared", ref)).toBe(before);
  // The very same request from the portal's own origin is taken, so it was the origin that was refused.
  expect((await replay(new URL(sent.url()).origin)).ok()).toBe(true);
  expect(await entries(api, "approval.prepared", ref)).toBe(before + 1);
});

test("a stale signature is shown with what changed; a passkey signs again: not without the person, not elsewhere, and once", async ({
  pageAs,
  api,
  portal,
}) => {
  test.setTimeout(120_000);
  const { ref } = await openRelease(api);
  const before = await entries(api, "approval.completed", ref);
  const page = await pageAs("Noor Haddad");
  await page.goto(`/releases/${ref}`);
  await expect(page.getByText("Stale", { exact: true }).first()).toBeVisible();
  const changed = page.getByRole("table", { name: "What changed since Noor Haddad signed" });
  await expect(changed).toBeVisible();
  expect(await changed.getByRole("row").count()).toBeGreaterThan(1);

  const passkey = await withPasskey(page);
  await enrol(page, "Noor's laptop");
  const first = await signingLink(page, portal, ref);

  await test.step("without user verification nothing is signed", async () => {
    await page.goto(first);
    await passkey.verifies(false);
    await page.locator("#go").click();
    await expect(page.locator("#error-text")).toContainText("Nothing was signed");
    await passkey.verifies(true);
    expect(await entries(api, "approval.completed", ref)).toBe(before);
  });

  await test.step("the portal's own pages cannot use the signing key", async () => {
    await page.goto(portal.address);
    const outcome = await page.evaluate(async () => {
      const said: string[] = [];
      for (const rpId of ["sign.localhost", "localhost", undefined]) {
        const publicKey = { challenge: new Uint8Array(32), userVerification: "required" as const, timeout: 2000 };
        await navigator.credentials.get({ publicKey: { ...publicKey, ...(rpId ? { rpId } : {}) } }).then(
          (got) => said.push(got ? "SIGNED" : "nothing"),
          (error: unknown) => said.push(error instanceof DOMException ? error.name : String(error)),
        );
      }
      return said;
    });
    for (const said of outcome) expect(said).toMatch(/SecurityError|NotAllowedError|nothing/);
  });

  let used = first;
  await test.step("of two signatures sent at once exactly one counts", async () => {
    const second = await signingLink(page, portal, ref);
    const held: { url: string; body: string }[] = [];
    await page.route("**/sign/api/*", async (route) => {
      if (route.request().method() !== "POST") return route.continue();
      held.push({ url: route.request().url(), body: route.request().postData() ?? "" });
      return route.fulfill({ status: 503, json: { detail: "Held by the test." } });
    });
    for (const link of [first, second]) {
      await page.goto(link);
      await page.locator("#go").click();
      await expect(page.locator("#error-text")).toContainText("Held by the test");
    }
    await page.unroute("**/sign/api/*");
    expect(held).toHaveLength(2);
    const answers = await page.evaluate(
      (requests) =>
        Promise.all(
          [...requests, ...requests].map(async ({ url, body }) => {
            const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
            return { status: answer.status, detail: String((await answer.json()).detail ?? "") };
          }),
        ),
      held,
    );
    expect(answers.map((a) => a.status === 200).filter(Boolean), JSON.stringify(answers)).toHaveLength(1);
    used = answers.findIndex((a) => a.status === 200) % 2 === 0 ? first : second;
    for (const { status, detail } of answers.filter((a) => a.status !== 200)) {
      expect([409, 410]).toContain(status);
      expect(detail).toMatch(/already|moment ago|same time/);
    }
    expect(await entries(api, "approval.completed", ref)).toBe(before + 1);
  });

  await test.step("a used, an expired and an unknown link sign nothing", async () => {
    await page.goto(used);
    await expect(page.locator("#fail-text")).toContainText(/used already|has expired|changed/);
    await page.goto(`${new URL(first).origin}/sign/${"A".repeat(43)}`);
    await expect(page.locator("#fail-text")).toContainText("This signing link is not known");
  });
});

test("a signing link ends after ten minutes", async ({ pageAs, portal }) => {
  const page = await pageAs("Amara Okafor");
  await page.goto("/account/keys");
  await page.getByLabel("Name of the key").fill("Late laptop");
  await withPasskey(page);
  await page.getByRole("button", { name: "Continue on the signing page" }).click();
  await page.waitForURL(/sign\.localhost/);
  const { databaseUrl } = JSON.parse(readFileSync(path.join(portal.dataDir, "run.json"), "utf8"));
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query("update signing_request set expires_at = now() - interval '1 second' where used_at is null");
  await client.end();
  await page.locator("#go").click();
  await expect(page.locator("#fail-text")).toContainText("This signing link has expired");
  await page.reload();
  await expect(page.locator("#fail-text")).toContainText("Open a new one");
});

test("of two decisions on one review at once exactly one is recorded", async ({ pageAs, api }) => {
  const page = await pageAs("Ingrid Solberg");
  const listed = await (await api.get("reviews?view=open&status=in_review&limit=50")).json();
  let decided = "";
  for (const { ref, round } of listed.items as { ref: string; round: number }[]) {
    const before = await entries(api, "review.decision.recorded", ref);
    const decide = (outcome: string, rationale: string) =>
      page.request.post(`/api/v1/reviews/${ref}/decision`, {
        ...own,
        data: {
          round,
          outcome,
          rationale,
          ...(outcome === "deferred"
            ? { until: new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10) }
            : {}),
        },
      });
    const answers = await Promise.all([
      decide("deferred", "The data sheet of the new source is missing; come back with it."),
      decide("deferred", "The runbook is missing, and so is the name of who is on call."),
    ]);
    const statuses = answers.map((a) => a.status()).sort();
    if (!statuses.includes(201)) {
      // Not hers to decide, or votes are missing: refused in words, and nothing is written.
      for (const answer of answers) expect([403, 409]).toContain(answer.status());
      expect(await entries(api, "review.decision.recorded", ref)).toBe(before);
      continue;
    }
    decided = ref;
    expect(statuses).toEqual([201, 409]);
    for (const answer of answers)
      if (answer.status() === 409)
        expect(await problem(answer, 409)).toMatch(/deferred|decided|moment ago|same time|in review/i);
    expect(await entries(api, "review.decision.recorded", ref)).toBe(before + 1);
    break;
  }
  expect(decided, "the demo has a review that the chair can defer").not.toBe("");
});

test("a bundle in which anything was changed does not hold, and the check that fails is named", async ({
  api,
  portal,
}) => {
  const [released] = (await (await api.get("releases?status=released&limit=1")).json()).releases;
  const bundle = await (await api.get(`releases/${released.ref}/bundle`)).json();
  const key = path.join(portal.dataDir, "refusals.pub");
  writeFileSync(key, await (await api.get(`${portal.address}/.well-known/portal.pub`)).text());
  const file = path.join(portal.dataDir, "refusals.json");
  type Check = { check: string; ok: boolean; detail: string };
  const verify = (contents: unknown, more: readonly string[] = []): { failed: string[]; said: string } => {
    writeFileSync(file, JSON.stringify(contents));
    let said: string;
    try {
      said = execFileSync(process.execPath, ["bin/countersign.mjs", "verify", file, "--key", key, "--json", ...more], {
        encoding: "utf8",
        stdio: "pipe",
      });
    } catch (error) {
      said = error instanceof Error && "stdout" in error ? String(error.stdout) : String(error);
    }
    const { checks } = JSON.parse(said) as { checks: Check[] };
    return { failed: checks.filter((c) => !c.ok).map((c) => c.check), said };
  };
  expect(verify(bundle).failed).toEqual([]);

  const other = (base64: string) => `${base64.slice(0, 40)}${base64[40] === "A" ? "B" : "A"}${base64.slice(41)}`;
  const changed = (change: (copy: typeof bundle) => void) => {
    const copy = structuredClone(bundle);
    change(copy);
    return verify(copy).failed.join(" ");
  };
  expect(
    changed((b) => {
      b.approvals[0].statement = other(b.approvals[0].statement);
    }),
  ).toMatch(/approval.*(signature|statement|log)/);
  expect(
    changed((b) => {
      b.documents[0].bytes = other(b.documents[0].bytes);
    }),
  ).toContain("document ");
  expect(
    changed((b) => {
      b.answer.envelope.payload = other(b.answer.envelope.payload);
    }),
  ).toContain("answer.signature");
  expect(
    changed((b) => {
      b.request.logged.hashes[0] = `A${b.request.logged.hashes[0].slice(1)}`.replace(/^AA/, "BA");
    }),
  ).toContain("request.log");
  expect(
    changed((b) => {
      b.checkpoint = b.checkpoint.replace(/\n(\d+)\n/, (_: string, n: string) => `\n${Number(n) + 1}\n`);
    }),
  ).toContain("log.checkpoint");
  expect(
    changed((b) => {
      b.approvals = b.approvals.slice(0, -1).concat(b.approvals.slice(0, 1));
      b.release = "REL-0000";
    }),
  ).toContain("bundle.seal");
  expect(verify(bundle, ["--digest", "0".repeat(64)]).failed).toEqual(["expected"]);
});
