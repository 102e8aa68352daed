"""The customers, or other rows of a table, in segments that explain themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from kmosaic._arguments import as_names
from kmosaic._errors import InputError
from kmosaic._events import Listener, silent
from kmosaic._paths import expanded
from kmosaic._plan import check_number
from kmosaic._store.answers import ANSWER, made, write_answer
from kmosaic._store.files import write_page
from kmosaic._timing import Stopwatch
from kmosaic._values import Distances, Labels
from kmosaic.data.mixed import Rfm, open_table, rfm_table
from kmosaic.data.mixed.opening import file_of
from kmosaic.features.mixed import Tail, counted, noun_of, roles_of
from kmosaic.labels.segments import Rules, Segment, sentence
from kmosaic.output import check_out, whole_folder
from kmosaic.output.segment_model import SegmentModel
from kmosaic.output.segment_tables import write_profile, write_segments, write_segments_parquet
from kmosaic.pipeline.segmenting import Mixed, Segmented, check_enough, segment_table
from kmosaic.report.segments import segments_page
from kmosaic.tasks.segment_words import how_it_was_found, summary_of


@dataclass(frozen=True, eq=False)
class Segments:
    """The segments of a table, and where they were written."""

    found: Segmented
    source: str
    noun: str  # what the rows are: "customers"
    why: tuple[str, ...]  # how columns were looked at, and why so many segments
    settings: dict[str, Any]
    seconds: dict[str, float]  # time per stage
    out: Path | None = None
    files: tuple[str, ...] = ()

    @property
    def segments(self) -> tuple[Segment, ...]:
        """What each is: name, size, what sets it apart, how stable it is; the largest first."""
        return self.found.segments

    @property
    def labels(self) -> Labels:
        """The segment of each row, (n,) int32 from 0, as they are numbered everywhere."""
        return self.found.labels

    @property
    def distances(self) -> Distances:
        """The distance of each row to the center of its segment, (n,), in spreads of a column."""
        return self.found.distances

    @property
    def rules(self) -> Rules:
        """A small tree that tells the segments in rules."""
        return self.found.rules

    @property
    def model(self) -> SegmentModel:
        """What knows the segments of new rows."""
        return self.found.model

    @property
    def questions(self) -> tuple[str, ...]:
        """What only a person can tell about the columns."""
        return self.found.roles.questions

    def explain(self) -> str:
        """What sets each segment apart, in a sentence each, a line for each."""
        return "\n".join(sentence(one, self.noun) for one in self.segments)

    def __repr__(self) -> str:
        """The answer in a line."""
        return f"<Segments: {len(self.segments)} of the {counted(len(self.labels), self.noun)}>"

    def summary(self) -> dict[str, Any]:
        """The answer as plain values, ready for JSON."""
        return {
            "source": self.source,
            **summary_of(self.found, self.noun),
            "why": list(self.why),
            "settings": self.settings,
            **made(self.seconds, self.out, self.files),
        }

    def to_html(self, path: str | Path) -> None:
        """Write the whole answer as one page that needs nothing else."""
        page = segments_page(
            self.found, source=self.source, noun=self.noun, why=self.why, settings=self.settings
        )
        write_page(page, expanded(path))


def segment(
    source: Any,
    n_clusters: int | Literal["auto"] = "auto",
    *,
    columns: Sequence[str] | None = None,
    id_column: str | None = None,
    categorical: Sequence[str] = (),
    numeric: Sequence[str] = (),
    rfm: str | None = None,
    tails: Tail = "auto",
    mixed: Mixed = "one-hot",
    max_k: int = 10,
    seed: int = 0,
    out: str | Path | None = None,
    report: bool = True,
    parquet: bool = False,
    on_progress: Listener = silent,
) -> Segments:
    """Segment the rows of a table, and say what sets each segment apart.

    source: a CSV, TSV, Parquet, Excel, .npy or .npz file, "sqlite:///FILE?table=NAME",
    "duckdb:///FILE?table=NAME", a data frame, a dict of columns or an array (n, d). n_clusters: how
    many; "auto" chooses among 2 and max_k. columns: those to look at; None for all but ids, columns
    of many words and those that are mostly missing. id_column: names the rows. categorical: columns
    of codes; numeric: columns of few whole numbers that are no codes. rfm:
    "customer=...,date=...,amount=..." makes rows of transactions first. tails: "auto" takes the
    logarithm of skewed columns, or ranks; "none", "log" or "quantile" for all. mixed: "one-hot" has
    shares of categories in centers, "prototypes" the most frequent ones (k-prototypes). out: a
    folder for the table with its segments, the profile, the model, the page and the answer; None
    writes nothing. Raises InputError where something given cannot be used, MissingExtraError where
    a package is missing that reads the source, OutputError where the result cannot be written.

    >>> ages = [21, 23, 22, 24, 25, 23, 61, 64, 66, 63, 62, 65]
    >>> spent = [90, 80, 85, 95, 70, 88, 20, 31, 25, 18, 22, 27]
    >>> found = segment({"age": ages, "spent": spent}, 2)
    >>> [one.name for one in found.segments]
    ['much younger, very high spent', 'much older, very low spent']
    """
    check_number(n_clusters)
    columns, categorical, numeric = map(as_names, (columns, categorical, numeric))
    source, out = expanded(source), None if out is None else Path(expanded(out))
    path = file_of(source)
    if out is not None:
        check_out(out, path)
    asked = None if rfm is None else Rfm.of(rfm)
    if asked is not None and (columns or categorical or numeric or id_column):
        raise InputError("rfm makes its own columns: give no others, or no rfm.")
    watch = Stopwatch()
    told: tuple[str, ...] = ()
    with watch.stage("table"):
        words = categorical if asked is None else asked.words
        ids = [] if id_column is None else [id_column]
        table = open_table(source, as_words=[*words, *ids], on_progress=on_progress)
        if asked is not None:
            table, told = rfm_table(table, asked)
            id_column = asked.customer
        check_enough(table)
        roles = roles_of(
            table, columns=columns, id_column=id_column, categorical=categorical, numeric=numeric
        )
        if asked is not None:
            roles = replace(roles, questions=())
    found = segment_table(
        table, roles, n_clusters,
        tails=tails, mixed=mixed, max_k=max_k, seed=seed, watch=watch, tell=on_progress,
    )  # fmt: skip
    settings = {
        "n_clusters": n_clusters, "columns": None if columns is None else list(columns),
        "id_column": None if asked else id_column, "categorical": list(categorical),
        "numeric": list(numeric), "rfm": rfm, "tails": tails, "mixed": mixed, "max_k": max_k,
        "seed": seed,
    }  # fmt: skip
    model = replace(found.model, rfm=rfm, settings=settings)
    found = replace(found, model=model)
    done = Segments(
        found, str(source) if path else "the table",
        "customers" if asked else noun_of(roles.id_column),
        (*told, *how_it_was_found(found)), settings, watch.seconds,
    )  # fmt: skip
    if out is None:
        return done
    with watch.stage("writing"):
        done = replace(done, out=out, files=_files(report, parquet))
        _write(done, out, path, on_progress)
    return replace(done, seconds=watch.seconds)


def _files(report: bool, parquet: bool) -> tuple[str, ...]:
    wanted = {
        "report.html": report,
        "segments.csv": True,
        "segments.parquet": parquet,
        "profile.csv": True,
        "model/": True,
        ANSWER: True,
    }
    return tuple(name for name, is_wanted in wanted.items() if is_wanted)


def _write(done: Segments, out: Path, source: Path | None, tell: Listener) -> None:
    found = done.found
    parts = (found.table, found.labels, found.distances, found.model.names)
    with whole_folder(out, source=source, command="segment") as folder:
        write_segments(*parts, folder / "segments.csv", on_progress=tell)
        if "segments.parquet" in done.files:
            write_segments_parquet(*parts, folder / "segments.parquet")
        write_profile(found.segments, folder / "profile.csv")
        found.model.save(folder / "model")
        if "report.html" in done.files:
            done.to_html(folder / "report.html")
        write_answer(done.summary(), folder / ANSWER)
