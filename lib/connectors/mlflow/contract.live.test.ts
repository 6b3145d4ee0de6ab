import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe } from "vitest";
import { mlflowMissing, startMlflow } from "@/lib/testing/mlflow";
import { registryContract } from "@/lib/testing/registry-contract";

const missing = mlflowMissing();

const fill = `
import mlflow
client = mlflow.MlflowClient()
run = client.create_run("0", tags={"mlflow.source.git.commit": "5d0be1f0a1b2c3d4e5f60718293a4b5c6d7e8f90"})
client.log_metric(run.info.run_id, "auc", 0.9)
client.set_terminated(run.info.run_id)
for i in range(6):
    name = f"model-{i}"
    client.create_registered_model(name, description=f"Purpose {i}.", tags={"team": "cards"})
    for v in range(2):
        client.create_model_version(name, source=f"s3://models/{name}/{v}", run_id=run.info.run_id if v == 0 else None)
    if i % 3 == 0:
        client.set_registered_model_alias(name, "champion", "2")
`;

describe.skipIf(missing)(`a real MLflow server${missing ? ` (skipped: ${missing})` : ""}`, () => {
  registryContract(
    "MLflow (real server)",
    async () => {
      const server = await startMlflow();
      const scripts = mkdtempSync(path.join(tmpdir(), "countersign-contract-"));
      writeFileSync(path.join(scripts, "fill.py"), fill);
      server.python(path.join(scripts, "fill.py"));
      rmSync(scripts, { recursive: true, force: true });
      return { url: server.url, connect: { system: "mlflow" }, models: 6, versions: 12, middle: 8, stop: server.stop };
    },
    {
      list: ({ url }) =>
        url.pathname.endsWith("/registered-models/search")
          ? "registered_models"
          : url.pathname.endsWith("/model-versions/search")
            ? "model_versions"
            : null,
      key: (r) => `${r.name} ${r.version ?? ""}`,
      spoil: (r) => ({ ...r, creation_timestamp: "yesterday" }),
      paging: { query: "page_token", answer: "next_page_token" },
      forbidden: {
        status: 403,
        body: { error_code: "PERMISSION_DENIED", message: "Permission denied" },
        named: /READ on the model registry/,
      },
      unauthorized: { status: 401, body: { error_code: "UNAUTHENTICATED", message: "You are not authenticated." } },
      renews: false,
    },
  );
});
