"""Work with texts that must not be shown, where no traceback shows them."""

from __future__ import annotations

from brevettiai.messages.hidden import HiddenText

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, TypeVar

    Result = TypeVar("Result")


def hide_values(words: Sequence[str], flag: str) -> list[str]:
    """The words of a command line, those that may hold the value of a flag hidden.

    Args:
        flag: without dashes; underscores may be typed as dashes.
    """
    found: list[str] = []
    hides = False
    for word in words:
        name, equals, _ = word.partition("=")
        is_flag = name[:2] == "--" and name[2:].replace("-", "_") == flag
        found.append(HiddenText(word) if hides or (is_flag and equals) else word)
        hides = is_flag and not equals
    return found


def apart(
    work: Callable[..., Result],
    *args: Any,
    within: float = float("inf"),
    ended: Callable[[], object] = bool,
) -> Result:
    """Do work with secrets in a thread of its own, so that their texts are on no stack but its.

    Whatever ends the wait, Ctrl-C say, no traceback shows them; nor does one of what the work
    raises, as it comes without its own traceback and its causes.

    Args:
        within: seconds that the work may take.
        ended: called when nobody waits any more.

    Raises:
        TimeoutError: it took longer.
    """
    import threading
    import time

    results: list[Result] = []
    errors: list[BaseException] = []

    def do() -> None:
        try:
            results.append(work(*args))
        except BaseException as error:
            error.__cause__ = error.__context__ = None
            errors.append(error.with_traceback(None))

    limit = time.monotonic() + within
    thread = threading.Thread(target=do, name=f"brevettiai-{work.__name__}", daemon=True)
    try:
        thread.start()
    except RuntimeError:  # The interpreter ends, and starts no threads any more.
        do()
    try:
        while thread.is_alive():
            if time.monotonic() > limit:
                raise TimeoutError
            thread.join(1)  # In pieces, as Windows lets no signal through a longer wait.
    finally:
        ended()
    for error in errors:
        raise error from None
    return results[0]
