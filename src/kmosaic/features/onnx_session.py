"""An ONNX model, open and ready to run."""

from __future__ import annotations

from tempfile import TemporaryDirectory
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from kmosaic._errors import InputError
from kmosaic._optional import need

Layout = Literal["nchw", "nhwc"]


class Session:
    """Runs one output of a model that takes one input of images.

    Every run has the same number of images (filled up with zeros), so that a row does not depend
    on the rows beside it.
    """

    together = 16  # images a run, where the model does not fix it

    def __init__(self, data: bytes, name: str, output: str | None) -> None:
        runtime = need("onnxruntime", extra="onnx")
        options = runtime.SessionOptions()
        options.intra_op_num_threads = 1  # blocks of images run beside each other instead
        options.log_severity_level = 3  # errors only: nothing below the command line prints
        try:
            self._session = opened_session(runtime, data, options)
        except Exception as error:  # onnxruntime's errors have no common class
            raise InputError(
                f"{name} cannot be opened as an ONNX model in one file ({short_reason(error)}). "
                "Weights in files of their own must be joined to it first (onnx.save does that)."
            ) from error
        inputs = self._session.get_inputs()
        if len(inputs) != 1 or len(inputs[0].shape) != 4:
            shapes = ", ".join(f"{one.name} {one.shape}" for one in inputs)
            raise InputError(f"{name} must take one input of 4 axes (images), and takes {shapes}.")
        if inputs[0].type not in _TYPES:
            raise InputError(f"{name} takes {inputs[0].type}; it must take floating-point numbers.")
        self._name, self._input, self._type = name, inputs[0], _TYPES[inputs[0].type]
        self._output = self._chosen(output)

    def fixed_size(self, layout: Layout) -> tuple[int, int] | None:
        """The (height, width) that the model fixes, or None if it takes any."""
        sides = self._input.shape[2:] if layout == "nchw" else self._input.shape[1:3]
        if all(isinstance(side, int) for side in sides):
            return int(sides[0]), int(sides[1])
        return None

    def run(self, images: npt.NDArray[np.float32]) -> npt.NDArray[Any]:
        """The output for images laid out as the model wants them, (n, ...)."""
        fixed = self._input.shape[0]
        together = fixed if isinstance(fixed, int) else self.together
        part = np.zeros((together, *images.shape[1:]), dtype=self._type)
        found = []
        for start in range(0, len(images), together):
            rows = images[start : start + together]
            part[: len(rows)] = rows
            part[len(rows) :] = 0
            found.append(self._run_one(part)[: len(rows)])
        return np.concatenate(found)

    def _run_one(self, part: npt.NDArray[Any]) -> npt.NDArray[Any]:
        try:
            (output,) = self._session.run([self._output], {self._input.name: part})
        except Exception as error:  # onnxruntime's errors have no common class
            raise InputError(
                f"{self._name} does not run on images of shape {part.shape[1:]} "
                f"({short_reason(error)}). Check size, channels and layout."
            ) from error
        if output.ndim < 2 or len(output) != len(part):
            raise InputError(
                f"Output {self._output} of {self._name} has the shape {output.shape} for "
                f"{len(part)} images: it must have a row for each."
            )
        return np.asarray(output)

    def _chosen(self, output: str | None) -> str:
        names = [one.name for one in self._session.get_outputs()]
        if output is None:
            return str(names[0])
        if output not in names:
            raise InputError(f"{self._name} has no output {output!r}; it has {', '.join(names)}.")
        return output


def opened_session(runtime: Any, data: bytes, options: Any) -> Any:
    """The session, with no way to files that the model names as the place of its weights."""
    with TemporaryDirectory(prefix="kmosaic-") as empty:
        options.add_session_config_entry(
            "session.model_external_initializers_file_folder_path", empty
        )
        return runtime.InferenceSession(data, options, providers=["CPUExecutionProvider"])


_TYPES = {
    "tensor(float)": np.float32,
    "tensor(float16)": np.float16,
    "tensor(double)": np.float64,
}


def short_reason(error: Exception) -> str:
    """The first line of what a library says."""
    return str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
