"""Where published schemas are read from: a folder, or docs/schemas of a tag or commit of this checkout."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

from streams.published.schemas import FOLDER, Json
from streams.refusal import Refusal


class NoBaseline(Refusal):
    """There are no published schemas where they were looked for; the message says what to name instead."""

    invalid = True


def read_folder(folder: Path) -> dict[str, Json]:
    """The schemas of a folder by topic; raises NoBaseline."""
    files = sorted(folder.glob("*.json"))
    if not files:
        raise NoBaseline(f"{folder} holds no schemas; name a folder with one <topic>.json for each topic")
    return {path.stem: _parse(str(path), path.read_text(encoding="utf-8")) for path in files}


def read_revision(revision: str) -> dict[str, Json]:
    """The schemas of a tag or commit by topic; raises NoBaseline."""
    place = FOLDER.as_posix()
    names = _git("ls-tree", "--full-tree", "--name-only", revision, f"{place}/").split()
    if not names:
        raise NoBaseline(f"{revision} has no {place}; name a later tag or commit, or a folder")
    return {Path(name).stem: _parse(name, _git("show", f"{revision}:{name}")) for name in names}


def last_tag() -> str | None:
    """The newest tag behind the present commit, None where there is none yet; raises NoBaseline outside a checkout."""
    _git("rev-parse", "--git-dir")
    return _git("tag", "--list", "--merged", "HEAD", "--sort=-creatordate").partition("\n")[0] or None


def _parse(name: str, text: str) -> Json:
    try:
        document = json.loads(text)
    except ValueError as error:
        raise NoBaseline(f"{name} is no JSON: {error}") from error
    if not isinstance(document, dict):
        raise NoBaseline(f"{name} is no JSON Schema: it holds no object")
    return document


def _git(*words: str) -> str:
    git = shutil.which("git")
    if git is None:
        raise NoBaseline("git is not installed; name a folder of schemas with --against")
    done = subprocess.run([git, *words], capture_output=True, text=True, check=False)  # noqa: S603 - no shell, git's own words
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["git said nothing"]
        raise NoBaseline(f"{lines[0]}; name a folder, a tag or a commit with --against")
    return done.stdout
