"""Archives as Canvas and Moodle make them, brought in by the command that a teacher types."""

import zipfile
from pathlib import Path

import pytest
from commands import in_turn
from conftest import copy_course

NAME = "lr01_first_step"
ROSTER = """\
id,first_name,last_name,lms_user_id
jane,Jane,Doe,1234
bjorn,Björn,Öst,1235
ann.w,Ann,Wu,1236
ann.x,Ann,Wu,1237
"""
CANVAS = {
    f"doejane_1234_56789_{NAME}.ipynb": "jane's",
    "doejane_1234_56789_loss.png": "jane's picture",
    f"ostbjorn_LATE_1235_56790_{NAME}-2.ipynb": "björn's second",
    f"wuann_1236_56791_{NAME} (1).ipynb": "ann's",
    f"ghost_99_56792_{NAME}.ipynb": "nobody's",
    f"{NAME}.ipynb": "no name",
}
MOODLE = {
    f"Jane Doe_777_assignsubmission_file_/{NAME}.ipynb": "jane's",
    f"Jane Doe_777_assignsubmission_file_/work_1_2_x/{NAME}.ipynb": "jane's other",
    "__MACOSX/Jane Doe_777_assignsubmission_file_/._a.ipynb": "",
    # Decomposed, as an archive from a Mac has it; and all in one name, without a folder.
    f"Bjo\u0308rn O\u0308st_778_assignsubmission_file_{NAME}.ipynb": "björn's",
    f"Ann Wu_779_assignsubmission_file_{NAME}.ipynb": "one of two",
}


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """Bring in both archives, each in a course of its own; return the folder and what was said."""
    done = {}
    for platform, files in (("canvas", CANVAS), ("moodle", MOODLE)):
        # The name of the folder has the form of Canvas's names.
        folder = copy_course(tmp_path_factory.mktemp(platform) / "our_1_2_course")
        (folder / "students.csv").write_text(ROSTER)
        archive = folder / "downloaded" / NAME / "archive" / "submissions.zip"
        archive.parent.mkdir(parents=True)
        with zipfile.ZipFile(archive, "w") as writer:
            for name, text in files.items():
                writer.writestr(name, text)
        said = in_turn(
            (folder, "autograder", "roster", "students.csv"),
            (folder, "nbgrader", "generate_assignment", NAME),
            (folder, "nbgrader", "zip_collect", NAME),
        )
        done[platform] = (folder / "submitted", said)
    return done


def handed_in(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_canvas_s_number_finds_the_student(collected):
    folder, said = collected["canvas"]
    assert handed_in(folder) == {
        f"jane/{NAME}/{NAME}.ipynb": "jane's",
        f"jane/{NAME}/loss.png": "jane's picture",
        f"bjorn/{NAME}/{NAME}.ipynb": "björn's second",
        f"ann.w/{NAME}/{NAME} (1).ipynb": "ann's",
    }
    assert "Canvas's user 99 (ghost): no student in the gradebook has this lms_user_id" in said
    assert f"{NAME}.ipynb: neither Canvas nor Moodle names a file so" in said


def test_moodle_s_name_finds_the_student_unless_two_have_it(collected):
    folder, said = collected["moodle"]
    assert handed_in(folder) == {
        f"jane/{NAME}/{NAME}.ipynb": "jane's",
        f"jane/{NAME}/work_1_2_x/{NAME}.ipynb": "jane's other",
        f"bjorn/{NAME}/{NAME}.ipynb": "björn's",
    }
    assert "Ann Wu: 2 students have this name. Put it into the class list" in said
