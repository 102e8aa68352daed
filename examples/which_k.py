"""Choose the number of clusters, with the reasons."""

import numpy as np

from kmosaic import choose_k

random = np.random.default_rng(0)
groups = np.array([[0, 0], [6, 1], [3, 6], [10, 8], [9, -4]])
X = np.concatenate([at + random.normal(size=(60, 2)) for at in groups])

answer = choose_k(X, range(1, 13), random_state=0)
print(answer.explain())
print(answer.table)
answer.to_html("which-k.html")
