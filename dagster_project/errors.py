"""Errors that people are meant to read; errors of the program itself do not belong here."""


class TrisamError(Exception):
    """Something a person can put right.

    `message` says what is wrong (file, row, column, rule), `hint` what to do next. Neither ever holds a
    personal identity number: whoever raises it passes text through `ingestion.masking.mask` first.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message
