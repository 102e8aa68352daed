"""Segments of customers, each in words and numbers."""

import numpy as np
import pandas as pd

from kmosaic import segment

random = np.random.default_rng(0)
groups = {
    "student": (22, 2, 300, 60, 40),
    "parent": (41, 4, 2400, 250, 12),
    "retired": (71, 4, 900, 120, 25),
}
rows = [
    (random.normal(age, age_spread), random.normal(spent, spent_spread), random.poisson(visits))
    for age, age_spread, spent, spent_spread, visits in groups.values()
    for _ in range(130)
]
customers = pd.DataFrame(rows, columns=["age", "yearly_spending", "visits"]).round()
customers.insert(0, "customer", [f"C{number:04}" for number in range(len(customers))])

found = segment(customers, "auto", out="customers-segments", seed=0)
print(found.explain())
print("Open customers-segments/report.html.")
