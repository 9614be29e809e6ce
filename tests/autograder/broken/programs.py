"""Students whose code does not run, or ends its process."""

from broken.cases import NOTHING, graded, problem
from broken.course import ANSWERS, answered


@graded("0 of 1 points", (1, 2, 3, 0))
def nul_in_code(notebook, folder):
    return answered(notebook, last_answer='final = "C"\0')


@graded("That is large.")
def half_characters(notebook, folder):
    return answered(notebook, last_answer='final = "C"  # \ud800 \x1b[31m \x07')


@graded("`scaled` does not exist after your notebook has run", (1, 0, 0, 1))
def syntax_error(notebook, folder):
    return answered(notebook, scaled_answer="def scaled(rate, factor:\n    return")


@graded("No module named 'numpyy'", (1, 0, 0, 1))
def missing_import(notebook, folder):
    return answered(notebook, scaled_answer="import numpyy\n\ndef scaled(*all):\n    return 2")


@graded("The function is right.")
def all_on_stderr(notebook, folder):
    noise = "import sys, warnings\nsys.stdout = sys.stderr\nprint('a')\nwarnings.warn('b')\n"
    body = "def scaled(*all):\n    print('c')\n    warnings.warn('d')\n    return prod(all)"
    return answered(notebook, scaled_answer=noise + body)


@graded("... 500,001 more characters are not kept")
def loud(notebook, folder):
    code = "import time\nfinal = 'C'\nprint('x' * 1_500_000)\ntime.sleep(1)"
    return answered(notebook, last_answer=code)


@problem("ran longer than 4 seconds, and was stopped.")
def never_ends(notebook, folder):
    return answered(notebook, last_answer="final = 'C'\nwhile True:\n    pass")


@graded("SystemExit")
def system_exit(notebook, folder):
    return answered(notebook, meaning_answer="answer = 'B'\nimport sys\nsys.exit()")


@graded()
def quits(notebook, folder):
    return answered(notebook, last_answer="final = 'C'\nquit()")


@graded()
def forgets(notebook, folder):
    """What was right where its check stands stays right."""
    return answered(notebook, last_answer="%reset -f\nfinal = 'C'")


@problem("begins with `factor = 10` ended its Python process (exit status 3)", (1, 2, 0, 1))
def dies(notebook, folder):
    return answered(notebook, measured_answer="factor = 10\nimport os\nos._exit(3)")


@problem("begins with `import os` ended its Python process (signal 9)", (1, 2, 3, 0))
def killed(notebook, folder):
    return answered(notebook, last_answer="import os\nos.kill(os.getpid(), 9)")


@problem("begins with `import ctypes` ended its Python process (signal 11)", (0, 2, 3, 1))
def crashes(notebook, folder):
    return answered(notebook, meaning_answer="import ctypes\nctypes.string_at(0)")


@problem("begins with `import os` ended its Python process (exit status 1)", NOTHING)
def dies_again_and_again(notebook, folder):
    return answered(notebook, **dict.fromkeys(ANSWERS, "import os\nos._exit(1)"))


@graded("Your code ended its Python process.", (1, 0, 3, 1))
def dies_when_asked(notebook, folder):
    code = "import os\n\ndef scaled(rate, factor):\n    return 10 if factor == 100 else os._exit(0)"
    return answered(notebook, scaled_answer=code)
