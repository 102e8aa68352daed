"""What makes k-means hard in practice: outliers, gaps, unequal groups, directions, bad starts."""

import numpy as np

from kmosaic import BalancedKMeans, KMeans, SphericalKMeans, TrimmedKMeans

random = np.random.default_rng(0)
X = np.concatenate([random.normal(at, 1, (100, 2)) for at in ((0, 0), (8, 0), (4, 7))])

with_outliers = np.concatenate([X, [[300.0, 300.0], [-250.0, 90.0], [310.0, 280.0]]])
trimmed = TrimmedKMeans(n_clusters=3, contamination=0.01, random_state=0).fit(with_outliers)
print("outliers set aside:", np.flatnonzero(trimmed.outlier_mask_).tolist())

with_gaps = X.copy()
with_gaps[random.random(len(X)) < 0.1, 1] = np.nan
ignoring = KMeans(n_clusters=3, missing="ignore", random_state=0).fit(with_gaps)
print("centers in spite of gaps:", ignoring.cluster_centers_.round(1).tolist())

balanced = BalancedKMeans(
    n_clusters=4, min_cluster_size=70, max_cluster_size=80, random_state=0
).fit(X)
print("sizes between bounds:", np.bincount(balanced.labels_).tolist())

directions = SphericalKMeans(n_clusters=3, random_state=0).fit(X + 10)
print("by direction, not length:", np.bincount(directions.labels_).tolist())

best = KMeans(n_clusters=40, quality="best", random_state=0).fit(X)
usual = KMeans(n_clusters=40, n_init=10, random_state=0).fit(X)
print(f"inertia {best.inertia_:.1f} with moves after Lloyd, {usual.inertia_:.1f} of ten starts")
