import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { linkAsset } from "@/lib/assets/link";
import { registerAsset } from "@/lib/assets/register";
import { importCard } from "@/lib/cards/import";
import { modelCard } from "@/lib/cards/queries";
import type { Ctx } from "@/lib/core/command";
import { recordFacts } from "@/lib/facts/record";
import { registerModel } from "@/lib/models/register";
import { registerVersion } from "@/lib/models/register-version";
import { testDatabase } from "@/lib/testing/database";
import { testOrg } from "@/lib/testing/org";
import { modelBom } from "./queries";

// The schemas as OWASP publishes them, in the package of the CycloneDX project.
const schemas = path.join(
  path.dirname(createRequire(import.meta.url).resolve("@cyclonedx/cyclonedx-library/package.json")),
  "res/schema",
);
const schemaOf = (name: string): object => JSON.parse(readFileSync(path.join(schemas, name), "utf8"));

let t: Awaited<ReturnType<typeof testDatabase>>;
let owner: Ctx;
let viewer: Ctx;
const digest = "c0".repeat(32);
beforeAll(async () => {
  t = await testDatabase();
  const org = await testOrg(t.db);
  owner = await org.person("Otto Owner", "contributor", [org.units.retail]);
  viewer = await org.person("Vera Viewer", "viewer");
  for (const name of ["assistant", "bare"])
    await registerModel(owner, {
      name,
      description: name === "bare" ? "" : "Answers questions on policies.",
      kind: "rag",
      method: name === "bare" ? "" : "Retrieval with a hosted model",
      servingType: "online",
      platform: "azure_ml",
      businessUnit: "retail",
      ...(name === "bare" ? {} : { sourceUrl: "https://git.example/assistant" }),
    });
  const made = await registerVersion(owner, {
    name: "assistant",
    version: "1.0",
    digest,
    licence: "Apache-2.0",
    baseModel: "mistralai/Mistral-7B-v0.3",
    runtime: "vllm 0.11",
    sourceUri: "s3://models/assistant/1.0",
  });
  const data = await registerAsset(owner, {
    kind: "dataset",
    name: "policies",
    platform: "azure_ml",
    dataClass: "internal",
    businessUnit: "retail",
  });
  await linkAsset(owner, { asset: data.id, model: "assistant", assetVersion: "2026-Q3" });
  const at = owner.now();
  await t.db.transaction((tx) =>
    recordFacts(
      tx,
      [
        {
          subjectKind: "model_version",
          subjectId: made?.id ?? "",
          key: "run.metrics",
          value: { faithfulness: 0.93 },
          source: { kind: "system", id: "test", name: "Test" },
          effectiveAt: at,
          collectedAt: at,
        },
      ],
      at,
    ),
  );
});
afterAll(() => t.drop());

describe("a bill of materials", () => {
  const ajv = new Ajv({ strict: false, validateFormats: true, allErrors: true });
  addFormats(ajv);
  ajv.addFormat("iri-reference", true);
  ajv.addFormat("idn-email", /^\S+@\S+$/);
  for (const name of ["spdx.SNAPSHOT", "jsf-0.82.SNAPSHOT", "cryptography-defs.SNAPSHOT"])
    ajv.addSchema(schemaOf(`${name}.schema.json`), `http://cyclonedx.org/schema/${name}.schema.json`);
  const validate = ajv.compile(schemaOf("bom-1.7.SNAPSHOT.schema.json"));

  test.each(["assistant", "bare"])("of %s is valid by the published schema of CycloneDX 1.7", async (name) => {
    const bom = await modelBom(viewer, { name });
    expect(validate(bom), JSON.stringify(validate.errors)).toBe(true);
  });

  test("a document that is wrong is found wrong", async () => {
    const bom = await modelBom(viewer, { name: "assistant" });
    expect(validate({ ...bom, specVersion: 1.7, metadata: { component: { type: "model" } } })).toBe(false);
  });

  test("says what the version is, what it was made from and how it did", async () => {
    expect(await modelBom(viewer, { name: "assistant", version: "1.0" })).toMatchObject({
      specVersion: "1.7",
      metadata: {
        component: {
          type: "machine-learning-model",
          name: "assistant",
          version: "1.0",
          hashes: [{ alg: "SHA-256", content: digest }],
          licenses: [{ license: { id: "Apache-2.0" } }],
          pedigree: { ancestors: [{ name: "mistralai/Mistral-7B-v0.3" }] },
          modelCard: {
            quantitativeAnalysis: { performanceMetrics: [{ type: "faithfulness", value: "0.93" }] },
          },
        },
      },
      components: [
        { type: "data", name: "policies", version: "2026-Q3", data: [{ type: "dataset", classification: "internal" }] },
        { type: "machine-learning-model", name: "mistralai/Mistral-7B-v0.3" },
      ],
    });
  });

  test("of a version that is not there is refused", async () => {
    await expect(modelBom(viewer, { name: "assistant", version: "9" })).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("a model card", () => {
  const card =
    "---\nlicense: mit  # since October\ndatasets:\n  - policies\n  - elsewhere\nown: [1, 2]\n---\n# Assistant\n";
  const take = (text: string, ctx = owner) => importCard(ctx, { name: "assistant", version: "1.0", card: text });
  const give = async () => (await modelCard(viewer, { name: "assistant", version: "1.0" })).card;

  test("is made from the inventory while there is none, and can be taken in again", async () => {
    const made = await give();
    expect(made).toContain("license: apache-2.0");
    await take(made);
    expect(await give()).toBe(made);
  });

  test("that is taken in changes the version, and comes out byte for byte", async () => {
    const full = card.replace("own:", "base_model: mistralai/Mistral-7B-v0.3\nown:");
    expect(await take(full)).toMatchObject({ licence: "MIT", unknownDatasets: ["elsewhere"] });
    expect(await give()).toBe(full);
    expect(await modelBom(viewer, { name: "assistant" })).toMatchObject({
      metadata: { component: { licenses: [{ license: { id: "MIT" } }] } },
    });
  });

  test("that says nothing of the base model comes out with what the inventory knows", async () => {
    await take(card);
    expect(await give()).toBe(card.replace("---\n# A", "base_model: mistralai/Mistral-7B-v0.3\n---\n# A"));
  });

  test("is not for viewers to change, and what is no card is refused", async () => {
    await expect(take(card, viewer)).rejects.toMatchObject({ code: "forbidden" });
    await expect(take("# No metadata")).rejects.toMatchObject({ code: "invalid", faults: [{ field: "card" }] });
  });
});
