"""Who may open what: hub groups, by the names that nbgrader knows, and what they give.

``formgrade-COURSE``  instructors and graders: formgrader of the course
``nbgrader-COURSE``   students: the course is in their list of assignments
"""

from autograder.classroom.settings import Settings

# What a student's server may ask the hub: besides stock, which courses its own user is in.
SERVER_SCOPES = [
    "users:activity!user",
    "access:servers!server",
    "read:users:groups!user",
    "read:users:name!user",
]


def groups(settings: Settings) -> dict[str, dict[str, list[str]]]:
    """Return JupyterHub's ``load_groups``."""
    found = {}
    for course in settings.courses:
        found[f"formgrade-{course.name}"] = {"users": list(course.staff)}
        found[f"nbgrader-{course.name}"] = {"users": list(course.students)}
    return found


def roles(settings: Settings) -> list[dict]:
    """Return JupyterHub's ``load_roles``."""
    return [
        {
            "name": f"formgrade-{course.name}",
            "description": f"Open formgrader of {course.name}",
            "scopes": [f"access:services!service={course.name}"],
            "groups": [f"formgrade-{course.name}"],
        }
        for course in settings.courses
    ]
