"""The Python code of docs/anomalies.md runs as it stands."""

import re
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs" / "anomalies.md"


def test_the_code_in_the_docs_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    names = {}
    for block in re.findall(r"```python\n(.*?)```", DOCS.read_text(), flags=re.DOTALL):
        exec(compile(block, str(DOCS), "exec"), names)
    assert "column 1 is 40, ordinary" in capsys.readouterr().out
    assert names["answer"].judged.flagged[7]
    assert (tmp_path / "odd" / "report.html").is_file()
