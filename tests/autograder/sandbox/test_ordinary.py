"""What notebooks do every day, in a plain kernel and in the sandbox: the outputs are the same.

Where they are not, ``OTHERWISE`` says what the sandbox does instead, and README says it to students.
"""

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from autograder.grading.execution import SandboxedExecute

CELLS = {
    # Lines for the shell
    "shell": "!mkdir -p runs/{a,b}\n!ls runs\nanswer = 1\nprint(answer)",
    "failing_shell": "!no_such_command 2>&1 | grep -o 'not found'\n!false\nprint(_exit_code, answer)",
    "shell_with_values": "name = 'world'\n!echo hello {name} $name\nfiles = !ls\nprint(files, name)",
    "shell_environment": "!echo $TERM $LANG $PAGER; basename $SHELL; stty size; tty",
    "same_python": "import sys\nwhere = !python -c 'import sys; print(sys.executable)'\n"
    "print(where == [sys.executable])",
    "ls": "%ls",
    "sx": "%sx echo sx",
    "system": "%system echo system",
    "bash": "%%bash\necho bash; echo wrong >&2",
    "bash_fails": "%%bash\nexit 3",
    "script": "%%script python\nprint('another process')",
    "zeros": "!head -c 3 /dev/zero | od -c",
    "os_release": "!cat /etc/os-release | head -1",
    "background": "!sleep 60 &",
    # A kernel hears of what another process prints a moment later, maybe in a later cell.
    "os_system": "import os, time\nos.system('echo from os.system')\ntime.sleep(1)",
    "subprocess": "import subprocess\nsubprocess.run(['echo', 'direct'])\ntime.sleep(1)",
    "subprocess_shell": "subprocess.run('echo out; echo err >&2', shell=True, capture_output=True)",
    # pip
    "pip_here": "!pip install -q tqdm\nprint(_exit_code)\nfrom tqdm import tqdm",
    # Other magics
    "timeit": "%timeit -q -n 1 -r 2 sum([1])",
    "time": "%%time\nsum([1])",
    "capture": "%%capture got\nprint('hidden')",
    "captured": "got.stdout",
    "env": "%env MINE=3\n%env MINE",
    "cd": "%cd runs\n%pwd\n%cd ..",
    "writefile": "%%writefile mine.py\ndef one(): return 1\nprint('runs', __name__)",
    "run": "%run mine.py",
    "own_module": "import mine\nmine.one()",
    "autoreload": "%load_ext autoreload\n%autoreload 2",
    "matplotlib_widget": "%matplotlib widget",
    "matplotlib_notebook": "%matplotlib notebook\n%matplotlib inline",
    "who": "%who str",
    "history": "%history -n 1-2",
    "no_such_magic": "%no_such_magic",
    "html": "%%html\n<b>x</b>",
    "javascript": "%%javascript\nalert(1)",
    "latex": "%%latex\n$x$",
    "pinfo": "mine.one?",
    "debug": "%pdb off",
    # Plots
    "plot": "import matplotlib.pyplot as plt\nplt.plot([3, 2, 1])\nplt.show()",
    "plot_without_show": "plt.plot([1, 2]);",
    "plot_axes": "figure, axes = plt.subplots(1, 2, figsize=(3, 2), dpi=40)\naxes[0].imshow([[1, 0]])",
    "plot_figure": "plt.close('all')\nfigure",
    "plot_style": "with plt.style.context('ggplot'):\n    plt.title('α ✓')",
    "plot_saved": "plt.plot([1])\nplt.savefig('a.png')\nplt.close()\nos.path.exists('a.png')",
    "plot_retina": "%config InlineBackend.figure_format = 'retina'\nplt.plot([1]);",
    "plot_inline": "%matplotlib inline\nplt.plot([1, 2])\nplt.show()",
    "picture": "from PIL import Image\nImage.new('RGB', (4, 4))",
    # Rich outputs
    "rich": "from IPython.display import HTML, JSON, Markdown, Math, clear_output, display\n"
    "display(HTML('<b>x</b>'), Markdown('**y**'), Math('z^2'), JSON({'a': 1}))",
    "cleared": "for i in range(3):\n    print(i)\n    clear_output(wait=True)\nprint('end')",
    "updated": "handle = display('first', display_id=True)\nhandle.update('second')",
    "interact": "import ipywidgets\n@ipywidgets.interact(x=(0, 5))\ndef show(x=2): print('x is', x)",
    "output_widget": "box = ipywidgets.Output()\nwith box: print('captured')\nbox",
    "unicode": "print('ünïcödé ✓ 你好 🎉', '\\x1b[31mred\\x1b[0m')",
    "bar": "for _ in tqdm(range(5), file=sys.stdout, bar_format='{n}/{total}'): pass",
    "bar_notebook": "from tqdm.notebook import tqdm as bar\nfor _ in bar(range(5)): pass",
    # Asking for more than there is
    "input": "name = input('name? ')",
    "no_such_module": "import no_such_module",
    "exception": "1 / 0",
    "syntax": "def broken(:",
    "system_exit": "sys.exit(3)",
    # Processes and threads
    "threads": "import threading\nt = threading.Thread(target=print, args=('in a thread',))\n"
    "t.start()\nt.join()",
    "async": "import asyncio\nawait asyncio.gather(asyncio.sleep(0.01, 'a'), asyncio.sleep(0, 'b'))",
    "fork": "import math, multiprocessing\n"
    "with multiprocessing.Pool(2) as pool: print(pool.map(math.sqrt, [4, 9]))",
    "spawn": "with multiprocessing.get_context('spawn').Pool(1) as pool:\n"
    "    print(pool.map(math.sqrt, [4, 9]))",
    "queue": "queue = multiprocessing.Queue()\n"
    "child = multiprocessing.Process(target=lambda: queue.put('from a child'))\n"
    "child.start()\nprint(queue.get(timeout=20))\nchild.join()\nchild.exitcode",
    "shared_memory": "from multiprocessing import Array, Value, shared_memory\n"
    "memory = shared_memory.SharedMemory(create=True, size=100)\nmemory.buf[0] = 7\n"
    "print(memory.buf[0], Value('i', 3).value, Array('d', 2)[:])\nmemory.close()\nmemory.unlink()",
    "futures": "from concurrent.futures import ProcessPoolExecutor\n"
    "with ProcessPoolExecutor(1) as pool: print(list(pool.map(math.sqrt, [4, 9])))",
    "loader": "import torch\nfrom torch.utils.data import DataLoader\n"
    "print(len(list(DataLoader(range(40), batch_size=8, num_workers=2))))",
    "gloo": "import torch.distributed as dist\n"
    "dist.init_process_group('gloo', init_method='tcp://localhost:29512', rank=0, world_size=1)\n"
    "print(dist.get_rank())\ndist.destroy_process_group()",
    "alarm": "import signal, time\ndef ring(*_): raise TimeoutError('rang')\n"
    "signal.signal(signal.SIGALRM, ring)\nsignal.setitimer(signal.ITIMER_REAL, 0.2)\ntime.sleep(5)",
    # The standard library
    "warnings": "import logging, warnings\nwarnings.warn('old')\nlogging.warning('careful')",
    "places": "from pathlib import Path\nimport tempfile\n"
    "with tempfile.NamedTemporaryFile() as file: print(Path(file.name).exists(), Path.home().exists())",
    "locale": "import locale\nprint(locale.setlocale(locale.LC_ALL, ''), locale.getpreferredencoding())",
    "time_zone": "import datetime, zoneinfo\nberlin = zoneinfo.ZoneInfo('Europe/Berlin')\n"
    "print(time.tzname, datetime.datetime(2026, 7, 1, tzinfo=berlin))",
    "user": "import getpass, pwd\nprint(getpass.getuser() == pwd.getpwuid(os.getuid()).pw_name)",
    "machine": "import platform\nprint(platform.system(), platform.freedesktop_os_release()['ID'])",
    "processors": "print(os.cpu_count(), len(os.sched_getaffinity(0)), torch.get_num_threads())",
    "localhost": "import socket\nserver = socket.create_server(('localhost', 0))\n"
    "socket.create_connection(server.getsockname())\nsocket.gethostbyname(socket.gethostname())[:4]",
    "sqlite": "import sqlite3\nprint(sqlite3.connect('my.db').execute('select 1 + 1').fetchall())",
    "uuid": "import uuid\nprint(len(str(uuid.uuid4())), len(str(uuid.uuid1())))",
    "faulthandler": "import faulthandler\nfaulthandler.enable()\nfaulthandler.is_enabled()",
    "source": "import inspect\ndef twice(x): return 2 * x\nprint(inspect.getsource(twice))",
    "mmap": "import mmap\nprint(len(mmap.mmap(-1, 4096)))",
    "last": "print(answer, __name__)",
}
# What the sandbox shows where it is not what a plain kernel shows.
OTHERWISE = {"mmap": "PermissionError: [Errno 1] Operation not permitted"}
CHANCE = {
    r"0x[0-9a-f]+": "ADDRESS",
    r"/tmp/ipykernel_\d+/": "/tmp/ipykernel/",
    r"/tmp/kernel-\w+/home|/home/student": "FOLDER",
    r"\d+(\.\d+)?(e[+-]\d+)? [nμm]?s\b": "TIME",
    r"'model_id': '\w+'": "MODEL",
}


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bool], dict[str, str]]:
    """Return what every cell shows, in a plain kernel (True) and in the sandbox (False)."""
    folder = tmp_path_factory.mktemp("plain")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("PYTEST_CURRENT_TEST", "TQDM_DISABLE"):  # both change what a kernel shows
            patch.delenv(name, raising=False)
        patch.setenv("LANG", "C.UTF-8")
        patch.setenv("SHELL", "/bin/bash")
        patch.setenv("IPYTHONDIR", str(tmp_path_factory.mktemp("ipython")))
        patch.setenv("PATH", os.pathsep.join([f"{sys.prefix}/bin", os.environ["PATH"]]))
        shown = {plain: _run(plain, folder) for plain in (True, False)}
    return shown.__getitem__


def _run(plain: bool, folder: Path) -> dict[str, str]:
    cells = [new_code_cell(code) for code in CELLS.values()]
    kernel = {"name": "python3", "display_name": "Python 3"}
    notebook = new_notebook(cells=cells, metadata={"kernelspec": kernel})
    SandboxedExecute(unsafe=plain, timeout=60).preprocess(
        notebook, {"metadata": {"path": str(folder)}}
    )
    return {name: _shown(cell) for name, cell in zip(CELLS, notebook.cells, strict=True)}


def _shown(cell: NotebookNode) -> str:
    """Return what a cell shows, without what differs from run to run."""
    streams, others = {}, []
    for output in cell.outputs:
        if output.output_type == "stream":
            streams[output.name] = streams.get(output.name, "") + output.text
        elif output.output_type == "error":
            others.append(f"{output.ename}: {output.evalue}")
        else:
            kinds = sorted(mime for mime in output.data if mime != "text/plain")
            others.append(f"{kinds} {output.data.get('text/plain')}")
    text = "\n".join([*(f"[{name}] {each}" for name, each in sorted(streams.items())), *others])
    for pattern, word in CHANCE.items():
        text = re.sub(pattern, word, text)
    return re.sub(r"\n+", "\n", text).strip()


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_shows_what_it_shows_in_a_plain_kernel(outputs, name):
    assert outputs(False)[name] == OTHERWISE.get(name, outputs(True)[name])


def test_a_shell_line_never_stops_a_cell(outputs):
    assert outputs(False)["shell"].endswith("a  b\n1")
    assert outputs(False)["failing_shell"] == "[stdout] not found\n1 1"
    assert outputs(False)["pip_here"] == "[stdout] 0"
    assert outputs(False)["last"] == "[stdout] 1 __main__"


@pytest.mark.parametrize("name", [name for name in CELLS if name.startswith("plot")])
def test_a_plot_is_a_picture(outputs, name):
    assert ("['image/png']" in outputs(False)[name]) == (name != "plot_saved")
