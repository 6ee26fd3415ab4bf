"""The root of all errors; apart from `ingest.model`, whose many types take long to make."""


class ShisakuError(Exception):
    """Root of all errors that a user can cause; `index.shell.Shell` alone turns them into messages.

    Each class owns its `exit_code` and a `remedy`, one sentence with what the user can type or do.
    """

    exit_code = 1
    remedy = ""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy or self.remedy
