import { expect, test } from "vitest";
import { mlflowMissing, startMlflow } from "./mlflow";

const missing = mlflowMissing();

test.skipIf(missing)(
  "a model that the training program registers is there in MLflow, with its run and data set",
  async () => {
    const mlflow = await startMlflow();
    try {
      const printed = mlflow.python("e2e/train.py", ["card-fraud-score", "2"]).trim().split("\n");
      const versions = printed.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
      expect(versions).toMatchObject([{ version: "1" }, { version: "2" }]);
      const answer = await fetch(
        `${mlflow.url}/api/2.0/mlflow/model-versions/get?name=card-fraud-score&version=2`,
      ).then((r) => r.json());
      expect(answer.model_version).toMatchObject({ status: "READY", run_id: versions[1].run_id });
      const run = await fetch(`${mlflow.url}/api/2.0/mlflow/runs/get?run_id=${versions[1].run_id}`).then((r) =>
        r.json(),
      );
      expect(run.run.inputs.dataset_inputs[0].dataset.name).toBe("breast-cancer-train");
    } finally {
      await mlflow.stop();
    }
  },
);
