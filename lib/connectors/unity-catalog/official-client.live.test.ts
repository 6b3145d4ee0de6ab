import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { fakeDatabricks, fakeModels } from "@/lib/testing/databricks";

const python = process.env.UNITY_PYTHON;
const missing = python ? null : "Unity Catalog's client is not installed; `node scripts/live-tools.mjs` installs it.";
if (missing && process.env.CI) throw new Error(missing);

/** Every model and version, through the client that the project generates from its own API description and that checks each answer. */
const program = `
import asyncio, json, sys
from unitycatalog.client import ApiClient, Configuration, ModelVersionsApi, RegisteredModelsApi

async def pages(call, items, **kwargs):
    token, found = None, []
    while True:
        page = await call(page_token=token, **kwargs)
        found += getattr(page, items) or []
        token = page.next_page_token
        if not token:
            return found

async def main(url, token):
    async with ApiClient(Configuration(host=url + "/api/2.1/unity-catalog", access_token=token)) as client:
        client.set_default_header("Authorization", "Bearer " + token)
        models, versions = RegisteredModelsApi(client), ModelVersionsApi(client)
        out = []
        for m in await pages(models.list_registered_models, "registered_models", max_results=50):
            one = await models.get_registered_model(m.full_name)
            assert one == m, (one, m)
            for v in await pages(versions.list_model_versions, "model_versions", full_name=m.full_name, max_results=1):
                out.append([m.full_name, v.version, v.status.value, v.run_id, v.catalog_name, v.schema_name])
        print(json.dumps(out))

asyncio.run(main(*sys.argv[1:]))
`;

test.skipIf(missing)(
  `the stand-in for Unity Catalog's open-source server speaks to the client of that server${missing ? ` (skipped: ${missing})` : ""}`,
  async () => {
    const fake = await fakeDatabricks(
      fakeModels(60, 2).map((m, i) => ({ ...m, id: `b3f1c2d4-0000-4000-8000-${String(i).padStart(12, "0")}` })),
    );
    fake.tokens.push("token-of-a-person");
    fake.openSource = true;
    const dir = mkdtempSync(path.join(tmpdir(), "countersign-unity-"));
    writeFileSync(path.join(dir, "read.py"), program);
    try {
      const { stdout } = await promisify(execFile)(
        python ?? "",
        [path.join(dir, "read.py"), fake.url, "token-of-a-person"],
        { encoding: "utf8" },
      );
      const seen: unknown = JSON.parse(stdout);
      expect(seen).toEqual(
        fake.models.flatMap((m) =>
          m.versions.map((v) => [`main.ml.${m.name}`, v.version, "READY", v.run_id, "main", "ml"]),
        ),
      );
    } finally {
      rmSync(dir, { recursive: true, force: true });
      await fake.stop();
    }
  },
);
