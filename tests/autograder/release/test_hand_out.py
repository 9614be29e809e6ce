"""A zip of an assignment: what was released, whatever an instructor put beside the notebook.

``tests/journeys/test_at_home.py`` unpacks one as a student, ``tests/test_secrets.py`` reads them all.
"""

import zipfile

from autograder.release.hand_out import contents, packed


def test_files_beside_the_notebook_come_along_but_no_checkpoint(tmp_path):
    for name in ("lr.ipynb", "data/größe 1.csv", ".ipynb_checkpoints/lr.ipynb", "data/.DS_Store"):
        path = tmp_path / "lr" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    with zipfile.ZipFile(packed(tmp_path / "lr.zip", contents(tmp_path / "lr"))) as archive:
        assert archive.namelist() == ["lr/data/größe 1.csv", "lr/lr.ipynb"]
        assert archive.read("lr/data/größe 1.csv").decode() == "data/größe 1.csv"
        modes = {oct(entry.external_attr >> 16) for entry in archive.infolist()}
        assert modes == {"0o644"}
