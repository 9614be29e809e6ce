"""What a package has inside, as the last of its entries says."""

from dataclasses import dataclass, field

LIST = "contents.json"
FORMAT = 1


@dataclass
class Contents:
    """What is in a package: digests of its files by name, and what was left out of it, with reasons."""

    course: str
    made: str
    gradebook: str = ""  # the name of its file in the package, or nothing where there is none
    digests: dict[str, str] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT
