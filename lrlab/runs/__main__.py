"""``python -m lrlab.runs NAME``: record an experiment."""

import sys

from lrlab.runs.recording import main

sys.exit(main(sys.argv[1:]))
