"""The one error that a person sees: a line that names the thing and the remedy."""


class UserError(ValueError):
    """Something a person can mend. The message is one line: what is wrong, then what to do."""


class Interrupted(UserError):  # noqa: N818
    """A person asked the run to end: nothing is wrong, and nothing comes after it either."""
