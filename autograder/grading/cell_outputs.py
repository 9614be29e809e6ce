"""What one cell has written, as a person would see it, and within bounds.

Messages are taken in one by one, and what they leave is what counts: streams are joined, a line
that a carriage return begins again is one line, what was cleared or updated is gone. Of what is too
much the beginning and the end stay, and a note between them says how much is not kept. However
much a cell writes, what is held of it here is bounded.
"""

from itertools import groupby

from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograder.submission.outputs import DRAWING, HTML, MARKDOWN, PICTURES, cut, plain, shown_text

MOST_LINES = 900  # nbgrader's LimitOutput keeps the first 1,000, and would take the end away
MOST_OUTPUTS = 100
LEAST = 1_000_000  # characters that may come before old and new are looked through together
PICTURE_TEXT = 1_000  # characters of text beside a picture
WHOLE = (HTML, MARKDOWN)  # what has no meaning without its middle
MESSAGE = 100  # characters for which a message counts beside its text


class CellOutputs:
    """The outputs of ``cell``, kept in ``cell.outputs``.

    most_text: characters, ``most_pictures``: bytes, of all that is kept.
    """

    def __init__(self, cell: NotebookNode, most_text: int, most_pictures: int) -> None:
        self._cell = cell
        self._most = {
            "pictures": most_pictures,
            "lines": MOST_LINES,
            "characters": most_text,
            "outputs": MOST_OUTPUTS,
        }
        self._new = 0  # characters since the last look
        self._clear_next = False
        self._shown: dict[str, list[NotebookNode]] = {}  # by their display_id
        self._dropped: dict[str, int] = {}
        self._notes: dict[str, NotebookNode] = {}

    @property
    def text(self) -> int:
        """How many characters are kept."""
        return sum(map(_characters, self._cell.get("outputs", [])))

    @property
    def pictures(self) -> int:
        """How many bytes of pictures are kept."""
        return sum(map(_picture_bytes, self._cell.get("outputs", [])))

    def take(self, message: dict) -> None:
        """Take in one message of the kinds that leave an output, or clear all."""
        content = message["content"]
        if message["msg_type"] == "clear_output":
            self._clear_next = bool(content.get("wait"))
            if not self._clear_next:
                self._forget()
            return
        output = self._output(message["msg_type"], content)
        if self._clear_next:
            self._clear_next = False
            self._forget()
        if output is None:
            return
        self._cell.outputs.append(output)
        if display_id := _display_id(message):
            self._shown.setdefault(display_id, []).append(output)
        self._count(output)

    def update(self, message: dict) -> None:
        """Change the outputs that bear the display_id of an update."""
        shown = self._shown.get(_display_id(message), ())
        if shown and (new := self._output("display_data", message["content"])):
            for output in shown:
                output.data = new.data
                self._count(output)

    def settle(self) -> None:
        """Join what belongs together, and drop what is too much."""
        if not self._new:
            return
        self._new = 0
        outputs = self._cell.outputs
        for kind in self._most:
            outputs = self._without_middle(self._joined(outputs), kind)
        self._cell.outputs = outputs
        kept = set(map(id, outputs))
        for display_id, shown in list(self._shown.items()):
            self._shown[display_id] = [output for output in shown if id(output) in kept]
            if not self._shown[display_id]:
                del self._shown[display_id]

    def _forget(self) -> None:
        self._cell.outputs = []
        for known in (self._shown, self._dropped, self._notes):
            known.clear()

    def _count(self, output: NotebookNode) -> None:
        self._new += _characters(output) + _picture_bytes(output) + MESSAGE
        if self._new > LEAST + self._most["characters"] + self._most["pictures"]:
            self.settle()

    def _output(self, kind: str, content: dict) -> NotebookNode | None:
        """Return what a message shows; what is no stream is cut, so that it can stay in one piece."""
        output = plain({**content, "output_type": kind})
        if output is None or output.output_type == "stream":
            return output
        for mime in WHOLE:
            if len(output.get("data", {}).get(mime, "")) > self._most["characters"] // 2:
                del output.data[mime]  # the text beside it says as much
        most = self._most["characters"] // 8 if not _picture_bytes(output) else PICTURE_TEXT
        if output.output_type == "error":
            output.ename, output.evalue = cut(output.ename, most), cut(output.evalue, most)
            output.traceback = cut("\n".join(output.traceback), most).split("\n")
        elif "text/plain" in output.data:
            output.data["text/plain"] = cut(output.data["text/plain"], most)
        return output

    def _is_note(self, output: NotebookNode) -> bool:
        return any(output is note for note in self._notes.values())

    def _joined(self, outputs: list[NotebookNode]) -> list[NotebookNode]:
        """Return ``outputs`` with each run of one stream in one piece, as a terminal shows it."""
        joined = []
        for name, run in groupby(outputs, self._stream):
            if name is None:
                joined += run
            else:
                text = shown_text("".join(output.text for output in run))
                joined += [new_output("stream", name=name, text=text)] if text else []
        return joined

    def _stream(self, output: NotebookNode) -> str | None:
        is_stream = output.output_type == "stream" and not self._is_note(output)
        return output.name if is_stream else None

    def _without_middle(self, outputs: list[NotebookNode], kind: str) -> list[NotebookNode]:
        """Return ``outputs`` without what is too much of one kind, and with a note in its place."""
        size, most = SIZES[kind], self._most[kind]
        sizes = [0 if self._is_note(output) else size(output) for output in outputs]
        if sum(sizes) <= most:
            return outputs
        old = self._notes.get(kind)
        final = next(each for each in reversed(sizes) if each)
        last = final if most // 2 < final <= most else most // 2  # what still has room at the end
        first = min(most // 2, most - last)
        begin, end = 0, len(outputs)
        while outputs[begin] is not old and sizes[begin] <= first:
            first, begin = first - sizes[begin], begin + 1
        while sizes[end - 1] <= last:
            last, end = last - sizes[end - 1], end - 1
        middle = outputs[begin:end]
        head = [] if middle[0] is old else _part(middle[0], kind, first, from_end=False)
        tail = _part(middle[-1], kind, last, from_end=True)
        lost = sum(sizes[begin:end]) - sum(map(size, head + tail))
        if kind == "pictures":
            lost = sum(each > 0 for each in sizes[begin:end])
        self._dropped[kind] = self._dropped.get(kind, 0) + lost
        text = f"... {self._dropped[kind]:,} more {kind} are not kept\n"
        self._notes[kind] = note = new_output("stream", name="stderr", text=text)
        stays = [each for each in middle if size(each) == 0 or self._is_note(each)]
        kept = [*outputs[:begin], *head, note, *stays, *tail, *outputs[end:]]
        return [output for output in kept if output is not old]


def _part(output: NotebookNode, kind: str, room: int, from_end: bool) -> list[NotebookNode]:
    """Return what has room of a stream, at its beginning or end; nothing of another output."""
    if output.output_type != "stream" or room == 0 or kind not in ("lines", "characters"):
        return []
    text = output.text
    if kind == "characters":
        text = text[-room:] if from_end else text[:room]
    elif from_end:
        text = "\n".join(text.split("\n")[-room:])
    else:
        text = "".join(f"{line}\n" for line in text.split("\n", room)[: room - 1])
    return [new_output("stream", name=output.name, text=text)] if text else []


def _characters(output: NotebookNode) -> int:
    if output.output_type == "stream":
        return len(output.text)
    if output.output_type == "error":
        return sum(map(len, (output.ename, output.evalue, *output.traceback)))
    if _picture_bytes(output):
        return 0
    return sum(len(output.data.get(mime, "")) for mime in ("text/plain", *WHOLE))


def _display_id(message: dict) -> object:
    transient = message["content"].get("transient")
    return transient.get("display_id") if transient else None


def _lines(output: NotebookNode) -> int:
    return output.text.count("\n") + 1 if output.output_type == "stream" else 0


def _picture_bytes(output: NotebookNode) -> int:
    data = output.get("data", {})
    return sum(len(data[mime]) for mime in PICTURES if mime in data) * 3 // 4 + len(
        data.get(DRAWING, "")
    )


SIZES = {
    "pictures": _picture_bytes,
    "lines": _lines,
    "characters": _characters,
    "outputs": lambda output: 1,
}
