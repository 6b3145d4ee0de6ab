import { fakeDatabricks, fakeModels } from "@/lib/testing/databricks";
import { registryContract } from "@/lib/testing/registry-contract";

const models = "/api/2.1/unity-catalog/models";

registryContract(
  "Unity Catalog on Databricks (contract fake, OAuth machine to machine)",
  async () => {
    const fake = await fakeDatabricks(fakeModels(7, 3));
    return {
      url: fake.url,
      connect: { system: "unity_catalog", auth: "oauth", username: fake.clientId, secret: fake.clientSecret },
      models: 7,
      versions: 21,
      middle: 8,
      stop: fake.stop,
    };
  },
  {
    list: ({ url }) =>
      url.pathname === models ? "registered_models" : url.pathname.endsWith("/versions") ? "model_versions" : null,
    key: (r) => String(r.version ?? r.full_name),
    spoil: (r) => ({ ...r, created_at: "yesterday" }),
    paging: { query: "page_token", answer: "next_page_token" },
    forbidden: {
      status: 403,
      body: { error_code: "PERMISSION_DENIED", message: "User lacks permission." },
      named: /BROWSE on the catalog/,
    },
    unauthorized: { status: 401, body: { error_code: "401", message: "Token is expired." } },
    renews: true,
  },
);
