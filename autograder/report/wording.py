"""How the report writes numbers and times."""


def number(score: float | None) -> str:
    """Return a score as Canvas and Moodle read it, and nothing where there is none."""
    return "" if score is None else f"{round(score, 4):.10g}"


def duration(seconds: float | None) -> str:
    """Return a time as people write it, in one line."""
    if seconds is None:
        return "not recorded"
    if seconds < 59.95:
        return f"{seconds:.1f}\N{NO-BREAK SPACE}s"
    minutes, rest = divmod(round(seconds), 60)
    hours, more = divmod(round(seconds / 60), 60)
    text = f"{minutes} min {rest} s" if minutes < 60 else f"{hours} h {more} min"
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def percent(share: float) -> str:
    """Return a share of 1 as a percentage."""
    return f"{share * 100:.0f}\N{NO-BREAK SPACE}%"


def signed(number: float) -> str:
    """Return a correlation with two digits and a real minus sign."""
    return f"{number:.2f}".replace("-0.00", "0.00").replace("-", "−")
