"""The command `nightwire feeds`."""

import json
from pathlib import Path

from typer.testing import CliRunner

from streams.cli.feeds import app

RUNNER = CliRunner()
RSS = "<rss><channel><title>River</title><item><guid>1</guid><title>Київ</title></item></channel></rss>"


def test_parse_prints_the_fields_of_the_contract(tmp_path: Path) -> None:
    file = tmp_path / "f.xml"
    file.write_text(RSS, encoding="utf-8")
    done = RUNNER.invoke(app, ["parse", str(file)])
    assert done.exit_code == 0
    line = json.loads(done.stdout)
    names = "file id guid url title summary text authors lang published updated feed_title"
    assert list(line) == names.split()
    assert (line["file"], line["title"], line["feed_title"], line["published"]) == (str(file), "Київ", "River", None)


def test_parse_reads_standard_input() -> None:
    done = RUNNER.invoke(app, ["parse", "-"], input=RSS)
    assert json.loads(done.stdout)["file"] == "-"


def test_parse_names_what_cannot_be_read_and_goes_on(tmp_path: Path) -> None:
    good, page = tmp_path / "good.xml", tmp_path / "page.html"
    good.write_text(RSS, encoding="utf-8")
    page.write_text("<!doctype html><html><p>x</html>")
    done = RUNNER.invoke(app, ["parse", str(page), str(tmp_path / "none.xml"), str(good)])
    assert done.exit_code == 1
    assert len(done.stdout.splitlines()) == 1
    errors = done.stderr.splitlines()
    assert errors[0].startswith(f"nightwire: {page}: html: a web page; ")
    missing = "cannot be read: No such file or directory; check the name and the permissions"
    assert errors[1] == f"nightwire: {tmp_path / 'none.xml'}: {missing}"
