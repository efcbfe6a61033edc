"""What MLflow itself finds in a file store.

Run: python tests/reference/mlflow_store.py FOLDER   prints experiments and runs as JSON
"""

import json
import os
import sys

# MLflow keeps reading file stores, but wants to be told that they are meant.
os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"

from mlflow.tracking import MlflowClient

client = MlflowClient(tracking_uri="file://" + os.path.abspath(sys.argv[1]))
found = []
for experiment in client.search_experiments():
    for run in client.search_runs([experiment.experiment_id]):
        history = {
            name: [[each.step, each.value, each.timestamp] for each in client.get_metric_history(run.info.run_id, name)]
            for name in run.data.metrics
        }
        found.append(
            {
                "experiment": experiment.name,
                "name": run.info.run_name,
                "status": run.info.status,
                "start": run.info.start_time,
                "end": run.info.end_time,
                "params": run.data.params,
                "tags": run.data.tags,
                "metrics": run.data.metrics,
                "history": history,
                "artifacts": [each.path for each in client.list_artifacts(run.info.run_id)],
            }
        )
print(json.dumps(found, ensure_ascii=False))
