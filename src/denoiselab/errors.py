"""The one error that a person sees: a line that names the thing and the remedy."""


class UserError(ValueError):
    """Something a person can mend. The message is one line: what is wrong, then what to do."""
