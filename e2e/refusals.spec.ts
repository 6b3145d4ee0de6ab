import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Page, Request } from "@playwright/test";
import pg from "pg";
import { enrol, entries, go, openRelease, own, problem, signingLink } from "./deeds";
import { patient } from "./hydrated";
import { withPasskey } from "./passkey";
import { expect, test } from "./test";

test.use({ demo: true });

const model = "card-fraud-score";

/** A button that cannot be used says why in its description. */
async function disabledBecause(page: Page, button: string, reason: RegExp): Promise<void> {
  const found = page.getByRole("button", { name: button });
  await expect(found).toHaveAttribute("aria-disabled", "true");
  await expect(found).toHaveAccessibleDescription(reason);
}

test("whoever asked for a release cannot approve it, on the page or through the API", async ({ pageAs, api }) => {
  const { version } = await openRelease(api, model);
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

test("when evidence changes and the request is brought up to date, who signed before is asked again", async ({
  pageAs,
  api,
}) => {
  const { version } = await openRelease(api, model);
  const listed = await (await api.get(`releases?model=${model}&status=open&environment=staging`)).json();
  const { ref } = listed.releases[0];
  const peer = await pageAs("Beatrix Lindqvist");
  const sign = async () => {
    await peer.goto(`/releases/${ref}`);
    await peer.getByRole("button", { name: "Read and sign" }).click();
    await peer.getByRole("button", { name: "Sign with the demo key" }).click();
    await expect(peer.getByText("You have signed")).toBeVisible();
  };
  await sign();

  const made = await api.post("tokens", { data: { name: "Build of refusals", kind: "service", roles: ["service"] } });
  const { token } = await made.json();
  const pushed = await api.post("facts", {
    headers: { authorization: `Bearer ${token}` },
    data: { facts: [{ model, version, key: "eval.fairness_gap", value: 0.31 }] },
  });
  expect(pushed.status(), await pushed.text()).toBe(201);
  const owner = await pageAs("Priya Raman");
  await owner.goto(`/releases/${ref}`);
  await owner.getByRole("button", { name: "Bring up to date" }).click();
  await owner.getByRole("dialog").getByRole("button", { name: "Bring up to date" }).click();
  await expect(owner.getByRole("table", { name: "What changed since Beatrix Lindqvist signed" })).toContainText(
    "Readiness",
  );
  await sign();
  await expect(peer.getByText("Valid", { exact: true }).first()).toBeVisible();
});

for (const [who, reason] of [
  ["Agnes Thorne", /you hold none of these roles/],
  ["Samuel Oyelaran", /you hold none of these roles/],
  ["Elin Brandt", /An administrator configures the portal and takes part in no decision/],
] as const) {
  test(`${who} lacks the role to sign, and is told so`, async ({ pageAs, api }) => {
    const { ref } = await openRelease(api, model);
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
  const { ref } = await openRelease(api, model);
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

  const other = patient(await page.context().newPage());
  await other.goto("/sign-in");
  await other.getByRole("button", { name: "Priya Raman" }).click();
  await expect(other).not.toHaveURL(/sign-in/);
  await page.getByRole("button", { name: "Propose" }).click();
  await expect(page).toHaveURL(/\/decisions\/ADR-\d+/);
});

test("a server action from a foreign page does nothing", async ({ pageAs, api }) => {
  const { ref } = await openRelease(api, model);
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
  const { ref } = await openRelease(api, model);
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
    await go(page);
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

  await test.step("the same passkey signs when the person is there, once", async () => {
    await page.goto(first);
    await go(page);
    await expect(page.locator("#done")).toBeVisible();
    expect(await entries(api, "approval.completed", ref)).toBe(before + 1);
  });

  await test.step("a used, an expired and an unknown link sign nothing", async () => {
    await page.goto(first);
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
  await go(page);
  await expect(page.locator("#fail-text")).toContainText("This signing link has expired");
  await page.reload();
  await expect(page.locator("#fail-text")).toContainText("Open a new one");
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
      const [hash] = b.request.logged.hashes;
      b.request.logged.hashes[0] = `${hash[0] === "A" ? "B" : "A"}${hash.slice(1)}`;
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

test("a file that is chosen before the page has come alive is sent all the same", async ({ pageAs }) => {
  const page = await pageAs("Priya Raman");
  const item = "eol-1";
  let comeAlive: (() => void) | undefined;
  const waiting = new Promise<void>((resolve) => {
    comeAlive = resolve;
  });
  await page.route("**/_next/static/chunks/**/*.js", async (route) => {
    await waiting;
    await route.continue();
  });
  const opened = page.goto(`/models/${model}/readiness?show=all&item=${item}`);
  await page
    .getByLabel("Evidence file")
    .setInputFiles({ name: "early.txt", mimeType: "text/plain", buffer: Buffer.from("Chosen early.\n") });
  comeAlive?.();
  await opened;
  await expect(page.getByText(/early\.txt, sha256:/)).toBeVisible();
});

test("a form is not sent while its file is under way", async ({ pageAs, api }) => {
  const page = await pageAs("Priya Raman");
  let arrive: (() => void) | undefined;
  const slow = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  await page.route("**/api/v1/evidence", async (route) => {
    await slow;
    await route.continue();
  });
  await page.goto(`/models/${model}/readiness?show=all&item=eol-1`);
  const before = await entries(api, "readiness.attested", model);
  const field = page.getByLabel("Evidence file");
  await field.setInputFiles({ name: "slow.txt", mimeType: "text/plain", buffer: Buffer.from("Takes its time.\n") });
  await page
    .getByLabel("What you looked at and what you found")
    .fill("The retirement plan names the successor and the archive.");
  await page.getByRole("button", { name: "Attest", exact: true }).click();
  expect(await field.evaluate((input: HTMLInputElement) => input.validationMessage)).toMatch(/still being sent/);
  expect(await entries(api, "readiness.attested", model)).toBe(before);
  arrive?.();
  await expect(page.getByText(/slow\.txt, sha256:/)).toBeVisible();
  await page.getByRole("button", { name: "Attest", exact: true }).click();
  await expect.poll(() => entries(api, "readiness.attested", model)).toBe(before + 1);
});
