"""The two ways in which reading a delivery fails. Both reject the delivery, never the run."""


class UnreadableError(Exception):
    """The file cannot be read: broken, in no known encoding, or beyond a limit. The text is fit for people."""


class MissingColumnsError(Exception):
    """The file has no header, or lacks a required column. The text names the columns that are missing."""


class ChangedWhileReadError(Exception):
    """The file was written to while it was read; what was read is not what lies there now."""
