"""Settings: who wins, where an error stands, what a path is relative to, and that no secret is shown."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

from schemas.config import Address, Config, mask_url
from streams.documents import DocumentError
from streams.resources import seed, seeds
from streams.settings import describe, find_config, load_config, load_feeds, read_settings


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable and no file of the machine that runs the tests."""
    for name in [name for name in os.environ if name.startswith("NIGHTWIRE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg-config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg-data"))


@pytest.fixture
def file(tmp_path: Path) -> Any:
    """Writes a configuration and gives its path."""

    def write(text: str, name: str = "config.yaml") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def problems(path: Path | None, **flags: Any) -> list[str]:
    with pytest.raises(DocumentError) as error:
        load_config(path, **flags)
    return [str(problem) for problem in error.value.problems]


def test_the_shipped_configuration_is_valid_and_says_what_the_defaults_are(tmp_path: Path) -> None:
    assert find_config() == seed("nightwire.yaml")
    config = load_config()
    bare = load_config(_empty(tmp_path))
    assert config == bare
    assert str(config.listen) == "127.0.0.1:8750"
    assert config.data_dir == tmp_path / "xdg-data" / "nightwire"
    assert config.rules == (seeds() / "rules",)
    assert config.feed_files == (seeds() / "feeds.yaml",)


def _empty(tmp_path: Path) -> Path:
    path = tmp_path / "empty.yaml"
    path.write_text("", encoding="utf-8")
    return path


def test_flags_are_above_the_environment_above_the_file_above_the_defaults(
    file: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = file("listen: 127.0.0.1:1001\nfsync: everysec\nlog_level: debug\npoll: {floor: 60s, ceiling: 2h}\n")
    monkeypatch.setenv("NIGHTWIRE_LISTEN", "127.0.0.1:1002")
    monkeypatch.setenv("NIGHTWIRE_LOG_LEVEL", "error")
    monkeypatch.setenv("NIGHTWIRE_POLL__FLOOR", "90")
    settings = read_settings(path, listen="127.0.0.1:1003", contact=None)
    config = settings.config
    assert (str(config.listen), config.log_level, config.fsync) == ("127.0.0.1:1003", "error", "everysec")
    assert (config.poll.floor, config.poll.ceiling, config.poll.first) == (90, 7200, 900)
    origins = {line.name: line.origin for line in describe(settings)}
    assert origins["listen"] == "flag --listen"
    assert origins["log_level"] == "environment NIGHTWIRE_LOG_LEVEL"
    assert origins["poll.floor"] == "environment NIGHTWIRE_POLL__FLOOR"
    assert origins["poll.ceiling"] == origins["fsync"] == f"file {path}"
    assert origins["poll.first"] == origins["contact"] == "default"


def test_every_error_of_every_source_is_told_at_once_and_at_its_place(
    file: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = file(
        "listn: 127.0.0.1:1\n"
        "feeds:\n"
        "  - id: a\n"
        "    url: https://a.example\n"
        "    titel: A\n"
        "  - url: https://b.example\n"
        "poll:\n"
        "  floor: 5x\n"
        "fsync: no\n"
        "receivers:\n"
        "  ops:\n"
        "    too: []\n"
    )
    monkeypatch.setenv("NIGHTWIRE_LOG_LEVEL", "loud")
    monkeypatch.setenv("NIGHTWIRE_POLL__CIELING", "1")
    found = set(problems(path, listen="nowhere"))
    assert found == {
        f"{path}:1:1: listn: is not a known setting; did you mean listen?",
        f"{path}:5:5: feeds.0.titel: is not a known setting; did you mean title?",
        f"{path}:6:5: feeds.1.id: is missing; write it",
        f"{path}:8:3: poll.floor: '5x' is no length of time; write seconds, or 90s, 15m, 4h, 1d",
        f"{path}:9:1: fsync: is none of 'always' or 'everysec'; write for example fsync: always",
        f"{path}:11:3: receivers.ops.to: is missing; write it",
        f"{path}:12:5: receivers.ops.too: is not a known setting; did you mean to?",
        "environment NIGHTWIRE_LOG_LEVEL: is none of 'debug', 'info', 'warning' or 'error'; "
        "write for example log_level: info",
        "environment NIGHTWIRE_POLL__CIELING: is not a known setting; did you mean ceiling?",
        "flag --listen: 'nowhere' is no host:port; write for example 127.0.0.1:8750",
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- a\n- b\n", "1:1: is not a list of settings"),
        ("just words\n", "1:1: is not a list of settings"),
        ("a: b: c\n", "1:5:"),
        ("listen: 127.0.0.1:1\nlisten: 127.0.0.1:2\n", "2:1:"),
        ("poll: {floor: 2h, ceiling: 1h}\n", "1:1: poll: floor (7200 s) is above ceiling (3600 s); write"),
        ("feeds: [{id: a, url: x}, {id: a, url: y}]\n", "1:1: feeds: id given twice: a; give every feed"),
        ("zzzzz: 1\n", "is not a known setting; remove it, or write one of: version, data_dir"),
        ("version: 2\n", "1:1: version: is none of 1; write for example version: 1"),
        ("listen: 127.0.0.1:99999\n", "is no host:port"),
        ("rules:\n  - 5\n", "2:5: rules.0: is not a path"),
        ("listen: 8750\n", "1:1: listen: 8750 is no host:port; write for example 127.0.0.1:8750"),
        ("rules:\n", '1:1: rules: is not a list; write for example rules: ["rules"]'),
        ("poll: 5\n", '1:1: poll: is not a map of settings; write for example poll: {"floor": "5m"}'),
        ("poll: {concurrency: 0}\n", "poll.concurrency: is below 1; write for example concurrency: 32"),
        ("poll: {concurrency: many}\n", "poll.concurrency: is not a whole number"),
        ("feeds: [{id: A b, url: x}]\n", "feeds.0.id: is not made of small letters, digits, '.', '_'"),
        ("receivers: {A b: {to: [console]}}\n", "1:13: receivers.A b: is not made of small letters"),
        ("receivers: {a: {to: []}}\n", "receivers.a.to: has fewer than 1 entries"),
        ("receivers: {a: {to: [console], rate: fast}}\n", "is no number in a stretch of time; write for example 20/m"),
        ("1: x\n", "1:1: 1: is a name that is not text; put it in quotes"),
    ],
)  # fmt: skip
def test_one_mistake_one_line_with_a_remedy(file: Any, text: str, words: str) -> None:
    found = problems(file(text))
    assert len(found) == 1
    assert words in found[0]


def test_a_missing_file_is_named_with_a_remedy(tmp_path: Path) -> None:
    assert problems(tmp_path / "none.yaml") == [
        f"{tmp_path}/none.yaml:1:1: there is no such file; name an existing one with --config, "
        "or leave it out for the defaults"
    ]


def test_a_path_stands_beside_its_file_and_a_variable_in_the_working_directory(
    file: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setenv("NIGHTWIRE_LEXICONS", "one.yaml, two.yaml")
    monkeypatch.setenv("HOME", "/home/duty")
    path = file("rules: [r.yaml, /abs/r.yaml, ~/r.yaml]\nreceivers: {f: {to: [{jsonl: {path: out.jsonl}}]}}\n")
    config = load_config(path, data_dir="here")
    assert config.rules == (tmp_path / "r.yaml", Path("/abs/r.yaml"), Path("/home/duty/r.yaml"))
    assert config.lexicons == (work / "one.yaml", work / "two.yaml")
    assert config.data_dir == work / "here"
    sink = config.receivers["f"].to[0].way
    assert getattr(sink, "path", None) == tmp_path / "out.jsonl"


def test_own_feeds_take_the_place_of_the_shipped_list(file: Any) -> None:
    path = file("feeds: [{id: own, url: 'https://own.example/rss'}]\n")
    assert load_config(path).feed_files == ()
    assert [feed.id for feed in load_feeds(load_config(path))] == ["own"]


def test_feed_files_are_read_beside_each_other_and_all_errors_are_told(file: Any) -> None:
    file("feeds: [{id: a, url: 'https://a.example'}]\n", "a.yaml")
    file("feeds: [{id: b, url: 'https://b.example', colour: red}]\n", "b.yaml")
    file("feeds: [{id: a, url: 'https://c.example'}]\n", "c.yaml")
    good = load_config(file("feed_files: [a.yaml]\n"))
    assert [feed.id for feed in load_feeds(good)] == ["a"]
    with pytest.raises(DocumentError) as error:
        load_feeds(load_config(file("feed_files: [a.yaml, b.yaml, c.yaml, none.yaml]\n")))
    lines = [str(problem) for problem in error.value.problems]
    assert len(lines) == 3
    assert "b.yaml:1:43: feeds.0.colour: is not a known setting" in lines[0]
    assert "none.yaml" in lines[1]
    assert lines[2] == "feeds: id given twice: a; give every feed an id of its own (over all feed files)"


def test_a_secret_comes_from_a_file_and_is_never_shown(file: Any, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("redis://user:hunter2@db.example:6379/0?token=hunter3\n")
    settings = read_settings(file("redis_url_file: secret\n"))
    assert settings.config.redis_url is not None
    assert settings.config.redis_url.get_secret_value() == "redis://user:hunter2@db.example:6379/0?token=hunter3"
    shown = repr(describe(settings)) + repr(settings.config) + settings.config.model_dump_json()
    assert "redis://***@db.example:6379/0" in shown
    assert "hunter" not in shown


def test_of_a_secret_and_its_file_the_higher_source_wins(
    file: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret").write_text("redis://from-file\n")
    path = file("redis_url_file: secret\n")
    monkeypatch.setenv("NIGHTWIRE_REDIS_URL", "redis://from-environment")
    config = load_config(path)
    assert config.redis_url is not None
    assert config.redis_url.get_secret_value() == "redis://from-environment"
    monkeypatch.delenv("NIGHTWIRE_REDIS_URL")
    assert problems(file("redis_url: redis://a\nredis_url_file: secret\n")) == [
        f"{tmp_path}/config.yaml:2:1: redis_url_file: redis_url is given too; write only one of the two"
    ]
    assert "cannot be read" in problems(file("redis_url_file: nothing\n"))[0]


def test_the_address_of_a_webhook_keeps_its_token_to_itself(file: Any) -> None:
    path = file(
        "receivers:\n  ops:\n"
        "    to: [{webhook: {url: 'https://u:p@h.example/services/T0KEN?k=v', secret: whsec_AAAA}}]\n"
        "feeds: [{id: a, url: 'https://u:p@a.example/rss?key=T0KEN'}]\n"
    )
    shown = repr(describe(read_settings(path)))
    assert "https://***@h.example/***" in shown
    assert "https://***@a.example/rss" in shown
    assert not any(secret in shown for secret in ("T0KEN", "whsec_AAAA", "u:p"))


@pytest.mark.parametrize(
    ("url", "masked"),
    [
        ("redis://h:1/0", "redis://h:1/0"),
        ("redis://:p@h:1/0", "redis://***@h:1/0"),
        ("redis://u:p@ss@h", "redis://***@h"),
        ("https://h/x?token=1#y", "https://h/x"),
        ("hunter2", "***"),
    ],
)
def test_masking(url: str, masked: str) -> None:
    assert mask_url(url) == masked


@pytest.mark.parametrize("text", ["127.0.0.1:8750", "[::1]:80", "localhost:0", "duty-host.example:65535"])
def test_an_address_reads_as_it_is_written(text: str) -> None:
    assert str(Address.model_validate(text)) == text
    assert Address.model_validate({"host": "h", "port": 1}).port == 1


@pytest.mark.parametrize(
    "text", ["8750", "127.0.0.1", ":80", "h:", "h:-1", "h:65536", "::1:80", "h:٨٠", "a b:1", "h:80 x"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="host:port"):
        Address.model_validate(text)


def test_a_configuration_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_config().fsync = "everysec"  # type: ignore[misc]


def test_the_file_is_looked_for_where_a_person_expects_it(
    file: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "xdg-config" / "nightwire" / "config.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("fsync: everysec\n", encoding="utf-8")
    assert load_config().fsync == "everysec"
    monkeypatch.setenv("NIGHTWIRE_CONFIG", str(file("log_level: error\n", "named.yaml")))
    assert load_config().log_level == "error"
    assert load_config(own).fsync == "everysec"


def test_every_setting_says_what_it_is_for() -> None:
    assert all(line.description for line in describe(read_settings()))
    assert all(field.examples for field in Config.model_fields.values())


def test_what_the_shipped_file_shows_in_comments_can_be_used(file: Any) -> None:
    shipped = seed("nightwire.yaml").read_text(encoding="utf-8").splitlines()
    settings = shipped[shipped.index("version: 1") :]
    path = file("\n".join(re.sub(r"^# (?=[a-z_]+:|  )", "", line) for line in settings))
    (path.parent / "run").mkdir()
    text = path.read_text(encoding="utf-8").replace("/run/secrets/redis_url", str(path.parent / "run" / "url"))
    (path.parent / "run" / "url").write_text("redis://h", encoding="utf-8")
    config = load_config(file(text))
    assert config.contact == "ops@example.org"
    assert list(config.receivers) == ["ops"]
    assert config.hosts == ("duty.example.org",)
    assert config.redis_url is not None


def test_the_documentation_names_every_setting_with_its_default() -> None:
    page = (Path(__file__).parents[3] / "docs" / "configuration.md").read_text(encoding="utf-8")
    for line in describe(read_settings()):
        assert f"| `{line.name}` |" in page


def test_the_shipped_feeds_can_be_read() -> None:
    feeds = load_feeds(load_config())
    assert len(feeds) > 10
    assert all(feed.url.startswith(("http://", "https://")) for feed in feeds)
