"""Trains and asks XGBoost and prints what it took as JSON: FOLDER TASK ROWS FEATURES TEST ROUNDS THREADS."""
import json
import resource
import sys
import time

import numpy as np
import xgboost as xgb

folder, task = sys.argv[1:3]
rows, width, test, rounds, threads = map(int, sys.argv[3:8])
n = rows + test
x = np.fromfile(f"{folder}/x.bin", dtype=np.float32).reshape(width, n)
y = np.fromfile(f"{folder}/y.bin", dtype=np.float32)
train_x = np.ascontiguousarray(x[:, :rows].T)
test_x = np.ascontiguousarray(x[:, rows:].T)
del x


def clock():
    return time.perf_counter(), time.process_time()


parameters = {
    "objective": "reg:squarederror" if task == "regression" else "binary:logistic",
    "base_score": float(y[:rows].mean()),
    "tree_method": "hist",
    "grow_policy": "lossguide",
    "max_leaves": 63,
    "max_depth": 0,
    "max_bin": 256,
    "eta": 0.1,
    "lambda": 1,
    "min_child_weight": 1,
    "nthread": threads,
    "verbosity": 0,
}
began = clock()
table = xgb.DMatrix(train_x, y[:rows], nthread=threads)
model = xgb.train(parameters, table, rounds)
ended = clock()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
p = model.predict(xgb.DMatrix(test_x, nthread=threads))
actual = y[rows:]
if task == "regression":
    loss = float(np.sqrt(np.mean((p - actual) ** 2)))
else:
    q = np.clip(p.astype(np.float64), 1e-15, 1 - 1e-15)
    loss = float(-np.mean(actual * np.log(q) + (1 - actual) * np.log(1 - q)))
asked = clock()
model.predict(xgb.DMatrix(train_x, nthread=threads))
done = clock()
print(
    json.dumps(
        {
            "train_wall": ended[0] - began[0],
            "train_cpu": ended[1] - began[1],
            "predict_wall": done[0] - asked[0],
            "predict_cpu": done[1] - asked[1],
            "peak_mb": peak,
            "loss": loss,
        }
    )
)
