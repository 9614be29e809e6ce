"""What a student hands in: whole or not at all, and nobody else's to read."""

import os
import stat


def test_it_is_the_courses_to_read_and_nobody_elses(school):
    (school.ada.home / "rates/lab/data/more").mkdir(parents=True)
    (school.ada.home / "rates/lab/data/more/rates.csv").write_text("0.1")
    os.chown(school.ada.home / "rates", school.ada.account.pw_uid, -1)
    os.chown(school.ada.home / "rates/lab", school.ada.account.pw_uid, -1)
    school.submit(school.ada)
    (place,) = school.handed_in
    group = school.course.account.pw_gid
    found = {path: path.stat() for path in (place, *place.rglob("*"))}
    assert len(found) == 7
    for path, status in found.items():
        assert (status.st_uid, status.st_gid) == (school.ada.account.pw_uid, group), path
        wanted = 0o2770 if path.is_dir() else 0o640
        assert stat.S_IMODE(status.st_mode) == wanted, path
