"""Experiments: one run as data, many side by side, and the records of what was measured.

``record``      reads a recorded experiment; loads no torch
``experiment``  one run as data: what to train, with what, how long
``sweep``       many runs side by side: learning rates times seeds
``pool``        jobs in processes on a CPU; ``worker`` is one of them
``batched``     all runs of an experiment at once, on a GPU; ``graph`` makes their step one call
``spread``      a quantity over the seeds: mean, deviation, values; two of them compared seed by seed
``summary``     mean and spread of a sweep
``measures``    what a recorded experiment measures, one function a kind
``recording``   measures an experiment and writes its record: ``python -m lrlab.runs NAME``
"""

from lrlab.runs.record import RunError, folder, load

__all__ = ["RunError", "folder", "load"]
