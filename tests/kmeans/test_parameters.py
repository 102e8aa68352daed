"""Errors of parameters are the same in every process."""

import os
import subprocess
import sys

import pytest

ASK = """
import numpy as np
from kmosaic import KMeans
try:
    KMeans(algorithm="fast").fit(np.eye(9))
except ValueError as error:
    print(error)
"""


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_algorithms_that_there_are_come_in_the_order_of_the_alphabet(seed):
    environment = os.environ | {"PYTHONHASHSEED": seed}
    done = subprocess.run(
        [sys.executable, "-c", ASK], env=environment, capture_output=True, text=True, check=True
    )
    assert "among {'auto', 'elkan', 'kd', 'lloyd', 'yinyang'}. Got 'fast'" in done.stdout
