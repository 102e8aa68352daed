"""Look for bytes that break a reader, guided by coverage: run.py TARGET SECONDS (`make fuzz`).

Starts from tests/fuzz/corpus; what reaches new code is kept in build/fuzz, and the bytes of a
fault as build/fuzz/TARGET-crash-*: mend it, and put them into the corpus.
"""

from __future__ import annotations

import hashlib
import importlib
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def main(target: str, seconds: str) -> None:
    """Run until the time is over or a fault is found."""
    import atheris  # what only fuzzing needs, and not every machine can have

    _import_from_source()
    with atheris.instrument_imports(include=["kmosaic", "numpy.lib"]):
        import kmosaic.data
        import kmosaic.features
        import kmosaic.kmeans
        import kmosaic.output  # noqa: F401
    from tests.fuzz.model_of_bytes import changed
    from tests.fuzz.targets import MOST_BYTES, TARGETS

    def model_changed(data: bytes, most: int, seed: int) -> bytes:
        replaced = changed(data, seed) if seed % 4 else None
        return replaced if replaced and len(replaced) <= most else atheris.Mutate(data, most)

    def kept(data: bytes) -> None:
        try:
            TARGETS[target](data)
        except BaseException:  # libFuzzer does not always come to write it
            Path(f"{found}-crash-{hashlib.sha1(data).hexdigest()}").write_bytes(data)
            raise

    found = ROOT / "build" / "fuzz" / target
    found.mkdir(parents=True, exist_ok=True)
    options = [
        f"-max_total_time={seconds}",
        f"-max_len={MOST_BYTES}",
        "-timeout=20",  # seconds for one input
        "-rss_limit_mb=2048",
        "-print_final_stats=1",
        f"-artifact_prefix={found}-",
        str(found),
        str(Path(__file__).parent / "corpus" / target),
    ]
    own: dict[str, Any] = {"custom_mutator": model_changed} if target == "model" else {}
    atheris.Setup([sys.argv[0], *options], kept, **own)
    atheris.Fuzz()


def _import_from_source() -> None:
    """Have all but the core imported anew, from files: only these are instrumented."""
    core = importlib.import_module("kmosaic._core")
    for name in [name for name in sys.modules if name.partition(".")[0] == "kmosaic"]:
        del sys.modules[name]
    sys.modules["kmosaic._core"] = core
    sys.meta_path[:] = [one for one in sys.meta_path if "ScikitBuild" not in type(one).__name__]
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]


if __name__ == "__main__":
    main(*sys.argv[1:])
