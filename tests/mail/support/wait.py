"""Waiting for what comes by itself."""

import time

PATIENCE = 60


def until(what, check, patience=PATIENCE, pause=0.1):
    """Returns what `check` finds, once it finds something; fails with the words of `what`."""
    end = time.monotonic() + patience
    while True:
        found = check()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"waited {patience} s in vain: {what() if callable(what) else what}")
        time.sleep(pause)


def stays(what, check, seconds, pause=0.1):
    """Fails as soon as `check` is no longer true; what must not happen is given time to happen."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert check(), what() if callable(what) else what
        time.sleep(pause)
