"""Rows that do not belong, and the columns that put them far."""

import numpy as np
import pandas as pd

from kmosaic import AnomalyDetector, find_anomalies

random = np.random.default_rng(0)
pumps = pd.DataFrame(
    {
        "pressure": random.normal(5, 0.2, 500),
        "temperature": random.normal(60, 2, 500),
        "vibration": random.gamma(2, 0.1, 500),
    }
)
pumps.loc[17, "temperature"] = 95
pumps.loc[230, ["pressure", "vibration"]] = 2.5, 4

found = find_anomalies(pumps, out="pump-anomalies", seed=0)
farthest = found.judged.order[:5]
for row, reasons in zip(farthest, found.judged.reasons(farthest), strict=True):
    print(f"row {row}: {', '.join(map(str, reasons[:2]))}")

# The same as a scikit-learn estimator: -1 is an anomaly.
detector = AnomalyDetector(random_state=0).fit(pumps)
print(detector.predict(pumps.iloc[[0, 17]]))
