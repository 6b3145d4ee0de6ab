"""Registers models that nobody has claimed on the MLflow server of MLFLOW_TRACKING_URI. Usage: shadow.py PREFIX COUNT."""

import sys

from mlflow.tracking import MlflowClient

client = MlflowClient()
for number in range(int(sys.argv[2])):
    client.create_registered_model(f"{sys.argv[1]}-{number:03d}", description="Found by a sweep")
