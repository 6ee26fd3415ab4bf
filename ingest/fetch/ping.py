"""Posts the result of a run to a monitoring URL ("dead man's switch").

It never fails a run: it takes ten seconds at most, follows no redirect, tries once, and returns an
error as a sentence. The URL is often a secret, so no message repeats it.
"""

import threading

SECONDS = 10.0


def ping(url: str, success: bool, text: str) -> str:
    """POST `text` to `url`, or without `success` to `url`/fail; return the error, "" for none."""
    fault = [f"no answer within {SECONDS:g} seconds"]

    def ask() -> None:
        fault[0] = _ask(url if success else f"{url.rstrip('/')}/fail", text)

    # Name resolution has no time limit; a daemon thread that hangs in it ends with the process.
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
                preload_content=False,  # the content of the response is not used
                redirect=False,
            )
            status = answer.status
            answer.close()
    except (HTTPError, OSError, ValueError, UnicodeError) as error:
        return type(error).__name__
    return "" if status < 300 else f"status {status}"
