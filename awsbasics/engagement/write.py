"""Writing into an engagement file: an answer, an accepted exception, an account's environment.

Each takes a lock, reads the file again, edits the text, and puts the new file in the old one's
place only when it says exactly what the old one said and the one thing more. Comments, order
and quoting of all the rest stay as they are.
"""

import contextlib
import os
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from awsbasics.engagement.edit import NotEditableError, Scalar, put
from awsbasics.engagement.load import MAX_BYTES, parse_engagement
from awsbasics.engagement.model import Answer, Engagement, EnvironmentRule, ExceptionRule
from awsbasics.errors import EngagementError, UsageError
from awsbasics.locks import lock_file

LOCK_SECONDS = 10.0
ANSWER = ("choice", "note", "evidence", "by", "on")
SELECTORS = ("ou", "account", "name", "tag", "value")
_BOM = b"\xef\xbb\xbf"

FilePath = str | os.PathLike[str]
Edit = Callable[[str, Engagement], tuple[str, Engagement]]
"""From a text and what it says, the new text and what that is to say."""


def save_answer(path: FilePath, question_id: str, answer: Answer) -> None:
    """Write the answer to a question (`SEC.1`, or a part: `SEC.1.updates`), or change it.

    Raises UsageError where the file cannot be written, EngagementError where it has mistakes
    or the new answer is one.
    """

    def edit(text: str, before: Engagement) -> tuple[str, Engagement]:
        old = before.answers.get(question_id, Answer(choice=""))
        changed = _changed(old, answer, ANSWER)
        answers = MappingProxyType({**before.answers, question_id: answer})
        text = put(text, ("answers", question_id), changed) if changed else text
        return text, replace(before, answers=answers)

    _save(Path(path), edit)


def save_exception(path: FilePath, rule: ExceptionRule) -> None:
    """Write an accepted exception; one with the same check and match takes its new values.

    Raises the same as `save_answer`.
    """

    def edit(text: str, before: Engagement) -> tuple[str, Engagement]:
        rules = list(before.exceptions)
        same = [(each.check, each.match) == (rule.check, rule.match) for each in rules]
        at = same.index(True) if any(same) else len(rules)
        if at < len(rules):
            value = _changed(rules[at], rule, ("reason", "owner", "approved_by", "expires"))
        else:
            parts = ("check", "match", "reason", "owner", "approved_by", "expires")
            value = {part: getattr(rule, part) for part in parts if getattr(rule, part)}
        rules[at : at + 1] = [rule]
        text = put(text, ("exceptions", at), value) if value else text
        return text, replace(before, exceptions=tuple(rules))

    _save(Path(path), edit)


def save_environment(path: FilePath, rule: EnvironmentRule) -> None:
    """Write a rule for the environment of accounts after those there are, or change it.

    Raises the same as `save_answer`.
    """

    def edit(text: str, before: Engagement) -> tuple[str, Engagement]:
        rules = list(before.environments)
        same = [replace(each, environment=rule.environment) == rule for each in rules]
        at = same.index(True) if any(same) else len(rules)
        given = {part: getattr(rule, part) for part in SELECTORS if getattr(rule, part) is not None}
        text = put(text, ("environments", at), {**given, "environment": rule.environment})
        rules[at : at + 1] = [rule]
        return text, replace(before, environments=tuple(rules))

    _save(Path(path), edit)


def _changed(old: Any, new: Any, parts: tuple[str, ...]) -> dict[str, Scalar]:
    values = {
        part: getattr(new, part) for part in parts if getattr(new, part) != getattr(old, part)
    }
    return {part: "" if value is None else value for part, value in values.items()}


def _save(path: Path, edit: Edit) -> None:
    try:
        with _locked(path):
            data, mode = _read(path)
            before = parse_engagement(data, str(path))
            new = _edited(path, data, before, edit)
            if new != data:
                _replace(path, new, mode)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from None


def _edited(path: Path, data: bytes, before: Engagement, edit: Edit) -> bytes:
    """The new bytes of the file; an error where they would not say what they should."""
    bom = _BOM if data.startswith(_BOM) else b""
    try:
        text, wanted = edit(data.removeprefix(bom).decode(), before)
        new = bom + text.encode()
    except UnicodeEncodeError:
        raise UsageError(f"{path} was not changed: a text has half a character in it") from None
    except NotEditableError:
        raise _by_hand(path) from None
    try:
        after = parse_engagement(new, str(path))
    except EngagementError as error:
        raise EngagementError([f"{error.mistakes[0]} (the file was not changed)"]) from None
    if _without_lines(after) != _without_lines(wanted):
        raise _by_hand(path)
    return new


def _by_hand(path: Path) -> UsageError:
    return UsageError(f"{path} was not changed: it is written in a way that only a person can edit")


def _without_lines(engagement: Engagement) -> Engagement:
    rules = tuple(replace(rule, line=0) for rule in engagement.exceptions)
    return replace(engagement, exceptions=rules)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Wait for other writers of this file, some seconds at most."""
    lock = path.with_name(f".{path.name}.lock")
    handle = _wait_for(lock, path)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            lock.unlink()
        os.close(handle)


def _wait_for(lock: Path, path: Path) -> int:
    end = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            return lock_file(lock)
        except BlockingIOError:
            if time.monotonic() > end:
                raise UsageError(f"another notebook is writing to {path}; try again") from None
            time.sleep(0.02)


def _read(path: Path) -> tuple[bytes, int]:
    """The bytes and the mode of a file that is no symbolic link."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        new = f"`awsbasics engagement new {path}` writes one"
        raise UsageError(f"there is no file {path}; {new}") from None
    if stat.S_ISLNK(mode):
        raise UsageError(f"{path} is a symbolic link; give the file itself")
    if not stat.S_ISREG(mode):
        raise UsageError(f"{path} is not a file")
    # A link may have come into its place since.
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
        return file.read(MAX_BYTES + 1), stat.S_IMODE(mode)


def _replace(path: Path, data: bytes, mode: int) -> None:
    """Put a whole new file in the old one's place, with its mode."""
    handle, made = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(handle, mode)
            os.fsync(handle)
        Path(made).replace(path)
    except BaseException:
        Path(made).unlink(missing_ok=True)
        raise
