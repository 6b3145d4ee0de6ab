import { fakeDatabricks, fakeModels } from "@/lib/testing/databricks";
import { registryContract } from "@/lib/testing/registry-contract";

const models = "/api/2.1/unity-catalog/models";

registryContract(
  "Unity Catalog, open-source server (contract fake: no aliases, tags, runs or endpoints; ids of its own; a token that is not renewed)",
  async () => {
    const fake = await fakeDatabricks(
      fakeModels(6, 2).map((m, i) => ({ ...m, id: `b3f1c2d4-0000-4000-8000-${String(i).padStart(12, "0")}` })),
    );
    fake.tokens.push("dapi-token-of-a-person");
    fake.openSource = true;
    return {
      url: fake.url,
      connect: {
        system: "unity_catalog",
        auth: "bearer",
        secret: "dapi-token-of-a-person",
        settings: { flavour: "open_source" },
      },
      models: 6,
      versions: 12,
      middle: 8,
      stop: fake.stop,
    };
  },
  {
    list: ({ url }) =>
      url.pathname === models ? "registered_models" : url.pathname.endsWith("/versions") ? "model_versions" : null,
    key: (r) => String(r.version ?? r.full_name),
    spoil: (r) => ({ ...r, created_at: null, updated_at: "yesterday" }),
    paging: { query: "page_token", answer: "next_page_token" },
    forbidden: {
      status: 403,
      body: { error_code: "PERMISSION_DENIED", message: "Access denied." },
      named: /BROWSE on the catalog/,
    },
    unauthorized: { status: 401, body: { error_code: "UNAUTHENTICATED", message: "No authorization found." } },
    renews: false,
  },
);
