"""The import changes, and nothing else: in a pipeline, in a grid search, with sample weights."""

from sklearn.datasets import load_iris
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from kmosaic import KMeans  # was: from sklearn.cluster import KMeans

X, species = load_iris(return_X_y=True)
pipeline = make_pipeline(StandardScaler(), KMeans(n_clusters=3, n_init=10, random_state=0))
labels = pipeline.fit_predict(X)
kmeans = pipeline[-1]
print(f"inertia {kmeans.inertia_:.2f} after {kmeans.n_iter_} iterations; {kmeans.why_}")
