"""Tells a URL how a run went, for a service that rings when nobody tells it anything.

Never part of what a run is for: it takes ten seconds at most, follows no redirect, tries once, and
what goes wrong is a sentence. The URL is a secret more often than not, so no message repeats it.
"""

import threading

SECONDS = 10.0


def ping(url: str, success: bool, text: str) -> str:
    """POST `text` to `url`, or to `url`/fail; gives what went wrong, "" for nothing."""
    fault = [f"no answer within {SECONDS:g} seconds"]

    def ask() -> None:
        fault[0] = _ask(url if success else f"{url.rstrip('/')}/fail", text)

    # Looking up a name knows no time limit; a thread that hangs there dies with the process.
    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(SECONDS)
    return fault[0]


def _ask(url: str, text: str) -> str:
    from urllib3 import PoolManager, Timeout
    from urllib3.exceptions import HTTPError

    if not url.startswith(("http://", "https://")):
        return "it is no http or https address"
    try:
        with PoolManager(timeout=Timeout(total=SECONDS), retries=False) as pool:
            answer = pool.request(
                "POST",
                url,
                body=text.encode(),
                headers={"Content-Type": "text/plain; charset=utf-8"},
                preload_content=False,  # whatever it says, nobody reads it
                redirect=False,
            )
            status = answer.status
            answer.close()
    except (HTTPError, OSError, ValueError, UnicodeError) as error:
        return type(error).__name__
    return "" if status < 300 else f"status {status}"
