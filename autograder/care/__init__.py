"""Care for what a class has made: kept, given back, put away, renamed, deleted.

``places``     where a course keeps what, and what of it is one student's
``walk``       every folder and regular file below a folder of students' work; no link is followed
``contents``   what stands in the list of a package
``package``    all that in one file with digests: written, and only then there
``unpack``     reads a package, every byte of it, and writes what it holds to folders of ours
``database``   the gradebook as a file, in SQLite or PostgreSQL
``rows``       what the gradebook has of one student: renamed, merged, deleted
``moves``      several renames of files as one: all of them or none
``back_up``    a dated package that is whole or not there, and how many are kept
``restore``    what a package holds put in its place, and what was there put aside
``term``       a package for the archive of a university, and a course made ready to begin anew
``rename``     a student known by another id
``merge``      two ids that are one student
``forget``     one student's data, listed and deleted
``commands``   the same for a person at a terminal

What is put aside stays where it was, with ``.before-`` and the time behind its name: nothing but
``forget`` deletes what somebody made.
"""


class CareError(Exception):
    """Something was not done; the message is a sentence for whoever asked for it."""
