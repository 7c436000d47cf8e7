"""The one error that a person sees, a line that names the thing and the remedy; and how memory says that it is full."""


class UserError(ValueError):
    """Something a person can mend. The message is one line: what is wrong, then what to do."""


def memory_is_full(error: BaseException) -> bool:
    """Whether an error says so: Python's, a device's, or the RuntimeError that torch raises on a CPU."""
    device = type(error).__name__ == "OutOfMemoryError"
    return device or isinstance(error, MemoryError) or "can't allocate memory" in str(error)


class Interrupted(UserError):  # noqa: N818
    """A person asked the run to end: nothing is wrong, and nothing comes after it either."""
