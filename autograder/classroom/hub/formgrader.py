"""Runs one course's formgrader; where it does not start, says so in its place.

The hub ends when a service of it does not start, and a mistake in one course's ``nbgrader_config.py``
would keep everybody from working. So this program answers instead, for a minute; then it ends, and
the hub starts it anew.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import urlsplit

STARTS = 60  # seconds within which an end is a failure to start, and between two tries
TEXT = """\
formgrader of this course does not start; it is tried again every minute. The reason stands at the
end of .server.log in the home of the course's account. Most often it is a mistake in the course's
nbgrader_config.py.
"""


def main() -> int:
    """Run the command in the arguments; return its exit status."""
    began = time.monotonic()
    server = subprocess.Popen(sys.argv[1:])
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda number, _: server.send_signal(number))
    status = server.wait()
    if status > 0 and time.monotonic() < began + STARTS:
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, signal.SIG_DFL)
        place = urlsplit(os.environ["JUPYTERHUB_SERVICE_URL"])
        answering = HTTPServer((place.hostname, place.port), Sentence)
        threading.Timer(STARTS, answering.shutdown).start()
        answering.serve_forever()
    return status


class Sentence(BaseHTTPRequestHandler):
    """Answers whatever is asked with why there is no formgrader."""

    def do_GET(self) -> None:
        self.send_response(200)  # the hub waits for as long as it sees an error
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.end_headers()
        self.wfile.write(TEXT.encode())


if __name__ == "__main__":
    sys.exit(main())
