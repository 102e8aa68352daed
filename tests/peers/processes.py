"""Python in a process of its own, for what a process has done already to show."""

import os
import signal
import subprocess
import sys

import pytest


def run(code, **environment):
    """What the code prints, in words; an error or a minute without an end fails the test."""
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        output, errors = process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)  # and its children, which may wait forever
        process.communicate()
        pytest.fail("it did not end within a minute")
    if process.returncode:
        pytest.fail(errors)
    return output.split()
