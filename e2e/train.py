"""Trains a small scikit-learn classifier, logs it to the MLflow server of MLFLOW_TRACKING_URI with its data set, metrics and
commit, and registers it. Usage: train.py NAME [VERSIONS]. Prints one JSON object per registered version."""

import json
import sys

import mlflow
import pandas
from mlflow.models import infer_signature
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

name = sys.argv[1]
versions = int(sys.argv[2]) if len(sys.argv) > 2 else 1

features, target = load_breast_cancer(return_X_y=True, as_frame=True)
train_x, test_x, train_y, test_y = train_test_split(features, target, test_size=0.25, random_state=7)
table = pandas.concat([train_x, train_y], axis=1)

mlflow.set_experiment(name)
for number in range(1, versions + 1):
    with mlflow.start_run(tags={"mlflow.source.git.commit": f"{number:040x}", "team": "card-risk"}) as run:
        mlflow.log_input(mlflow.data.from_pandas(table, name="breast-cancer-train", targets="target"), context="training")
        strength = 1.0 / number
        model = make_pipeline(StandardScaler(), LogisticRegression(C=strength, max_iter=500)).fit(train_x, train_y)
        mlflow.log_param("C", strength)
        mlflow.log_metric("accuracy", accuracy_score(test_y, model.predict(test_x)))
        mlflow.log_metric("roc_auc", roc_auc_score(test_y, model.predict_proba(test_x)[:, 1]))
        info = mlflow.sklearn.log_model(
            model,
            name="model",
            signature=infer_signature(train_x, model.predict(train_x)),
            registered_model_name=name,
            serialization_format="cloudpickle",
        )
        print(json.dumps({"name": name, "version": info.registered_model_version, "run_id": run.info.run_id}))
