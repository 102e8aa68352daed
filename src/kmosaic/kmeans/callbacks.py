"""What scikit-learn's callbacks hear of a fit: a tree of tasks (scikit-learn 1.9 and later)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

try:
    from sklearn.callback import CallbackSupportMixin, with_callbacks
except ImportError:  # an older scikit-learn: there is no set_callbacks(), and nobody to tell
    CallbackSupportMixin = type("CallbackSupportMixin", (), {})

# Makes the attributes that the estimator would have if the fit ended now; called where needed.
State = Callable[[], dict[str, Any]]

_UNHEARD: AbstractContextManager[None] = nullcontext()


class Task:
    """A part of a fit that has begun: it may have parts itself, and it ends."""

    def __init__(self, estimator: Any, context: Any, given: dict[str, Any]) -> None:
        self._estimator = estimator
        self._context = context
        self._given = given  # X, y and metadata, as the user gave them
        context.call_on_fit_task_begin(estimator=estimator, **given)

    def part(self, name: str, most: int = 0) -> Task:
        """Begin the next part; it has `most` parts itself at most, 0 for none."""
        context = self._context.subcontext(task_name=name, max_subtasks=most)
        return Task(self._estimator, context, self._given)

    def ends(self, state: State | None = None) -> bool:
        """Tell of the end, and return whether a callback wants no more parts like this one."""
        stop: bool = self._context.call_on_fit_task_end(
            estimator=self._estimator, **self._given, reconstruction_attributes=state
        )
        return stop


class TellsCallbacks(CallbackSupportMixin):  # type: ignore[misc]
    """An estimator on which callbacks can be set, with set_callbacks(), if scikit-learn has any."""

    def _told(
        self, X: Any, y: Any, sample_weight: Any, *, name: str = "fit", most: int = 0
    ) -> AbstractContextManager[Task | None]:
        """The task of a whole fit, by whose end all attributes are there; None: nobody listens.

        most: parts that it has at most.
        """
        attributes = vars(self)
        if "_skl_callbacks" not in attributes and "_parent_callback_ctx" not in attributes:
            return _UNHEARD
        metadata = None if sample_weight is None else {"sample_weight": sample_weight}
        return self._whole_fit({"X": X, "y": y, "metadata": metadata}, name, most)

    @contextmanager
    def _whole_fit(self, given: dict[str, Any], name: str, most: int) -> Iterator[Task | None]:
        try:
            context = self._init_callback_context(name, max_subtasks=most)
            task = Task(self, context, given)
            # In a pipeline that hands on no callback, the place in its tree is all that counts.
            yield task if "_skl_callbacks" in vars(self) else None
            task.ends(dict)  # nothing is missing
        finally:
            with_callbacks(_nothing)(self)


def _nothing(estimator: Any) -> None:
    """Stand for the method after which with_callbacks() lets go of the callbacks."""
