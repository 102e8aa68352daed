"""Features of any ONNX image model, run on this machine."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Literal, Self

import numpy as np

from kmosaic._errors import InputError, ModelError
from kmosaic.data.items import Image
from kmosaic.features.base import ImageFeatures, Matrix
from kmosaic.features.canvas import check_size
from kmosaic.features.look import look
from kmosaic.features.onnx_input import Order, Resize, prepared
from kmosaic.features.onnx_session import Layout, Session
from kmosaic.features.outside_file import check_seal, read_file, seal

Pool = Literal["flatten", "mean", "first"]
Values = float | tuple[float, ...]

_WHAT = "The ONNX model"
_MOST_BYTES = 2 << 30  # the format has no larger files


class ONNX(ImageFeatures):
    """An output of an ONNX model (extra "onnx"), with the preparation of the images stated here.

    path: the model, in one file. size: pixels a side, or (height, width); None takes the size the
    model fixes. resize: "stretch" the image to the size, or "crop" the middle square of it.
    channels: "rgb", "bgr" or "gray". Pixels (0 to 255) are multiplied by scale, then mean is taken
    away and the result divided by std, one number for all channels or one each. layout: "nchw" or
    "nhwc". output: the name of the output; None is the first. pool: how an output with more than
    two axes becomes a row: "flatten" it, take the "mean" over places, or the "first" place (the
    class token of a transformer). keep_file: hold the model's bytes, so that a saved model is whole
    in itself; else the same file must lie at path later, which is checked by its SHA-256.

    Raises InputError where model and settings do not fit, or an output is not finite.
    """

    together = Session.together

    def __init__(
        self,
        path: str,
        size: int | tuple[int, int] | None = None,
        resize: Resize = "stretch",
        channels: Order = "rgb",
        scale: float = 1 / 255,
        mean: Values = 0.0,
        std: Values = 1.0,
        layout: Layout = "nchw",
        output: str | None = None,
        pool: Pool = "flatten",
        keep_file: bool = True,
    ) -> None:
        self.path = path
        self.size = size
        self.resize = resize
        self.channels = channels
        self.scale = scale
        self.mean = mean
        self.std = std
        self.layout = layout
        self.output = output
        self.pool = pool
        self.keep_file = keep_file

    def fit(self, X: Any, y: Any = None) -> Self:
        """Open the model and try it on an image."""
        self._check_settings()
        data = read_file(self.path, _WHAT, _MOST_BYTES)
        self.n_bytes_ = len(data)
        self.sha256_ = hashlib.sha256(data).hexdigest()
        self.model_ = np.frombuffer(data if self.keep_file else b"", dtype=np.uint8)
        self._opened = Session(data, self.path, self.output)
        size = self.size or self._opened.fixed_size(self.layout)
        if size is None:
            raise InputError(
                f"{self.path} takes images of any size: say which, as in onnx:{self.path}?size=224."
            )
        self.size_ = check_size(size)
        self.n_columns_ = 0
        self.n_columns_ = self._computed(look(X, 1)).shape[1]
        return self

    def rows(self, images: Sequence[Image]) -> Matrix:
        """The model's output for one block of images, shape (n, d)."""
        found = self._computed(images)
        if not np.isfinite(found).all():
            row, column = np.argwhere(~np.isfinite(found))[0]
            raise InputError(
                f"{self.path} gave {found[row, column]} in column {column} for an image. "
                "Check scale, mean and std, or remove the image."
            )
        return found

    def outside(self) -> dict[str, str]:
        """The digest of the model's file."""
        return {"model": seal(self.path, _WHAT)[1]}

    def _computed(self, images: Sequence[Image]) -> Matrix:
        inputs = prepared(
            images, self.size_, self.resize, self.channels, self.scale, self.mean, self.std
        )
        if self.layout == "nchw":
            inputs = np.ascontiguousarray(inputs.transpose(0, 3, 1, 2))
        return _pooled(self._session().run(inputs), self.pool, self.layout)

    def _session(self) -> Session:
        if getattr(self, "_opened", None) is None:
            self._opened = Session(self._kept(), self.path, self.output)
        return self._opened

    def _kept(self) -> bytes:
        """The model's bytes as they were when fitted; raises ModelError if they are others."""
        held = self.model_.tobytes()
        if not held:
            check_seal(self.path, _WHAT, getattr(self, "n_bytes_", None), self.sha256_)
        data = held or read_file(self.path, _WHAT, _MOST_BYTES)
        if hashlib.sha256(data).hexdigest() != self.sha256_:
            raise ModelError(
                f"The ONNX model in these features is damaged (not SHA-256 {self.sha256_[:12]}...)."
                " Make the features again."
            )
        return data

    def _check_settings(self) -> None:
        choices = {
            "resize": ("stretch", "crop"),
            "channels": ("rgb", "bgr", "gray"),
            "layout": ("nchw", "nhwc"),
            "pool": ("flatten", "mean", "first"),
        }
        for name, known in choices.items():
            if getattr(self, name) not in known:
                raise InputError(f"{name} must be one of {known}, not {getattr(self, name)!r}.")
        count = 1 if self.channels == "gray" else 3
        for name in ("mean", "std"):
            if np.size(getattr(self, name)) not in (1, count):
                raise InputError(f"{name} must be one number, or {count} with commas between.")
        if np.min(self.std) <= 0:
            raise InputError(f"std must be above 0, not {self.std}.")

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in super().__getstate__().items() if name != "_opened"}

    @property
    def max_side(self) -> int | None:
        """Twice the model's size, so that the last step of making it smaller is a smooth one."""
        return 2 * max(self.size_)

    @property
    def _n_features_out(self) -> int:
        return self.n_columns_


def _pooled(output: Any, pool: Pool, layout: Layout) -> Matrix:
    """An output of any number of axes as rows."""
    if output.ndim <= 2 or pool == "flatten":
        return np.ascontiguousarray(output.reshape(len(output), -1), dtype=np.float32)
    # Channels last: a feature map (n, channels, h, w) of an nchw model, or tokens (n, places, d).
    if output.ndim == 4 and layout == "nchw":
        output = output.transpose(0, 2, 3, 1)
    places = output.reshape(len(output), -1, output.shape[-1])
    row = places.mean(axis=1) if pool == "mean" else places[:, 0]
    return np.ascontiguousarray(row, dtype=np.float32)
