"""lrlab: the library behind the course *Learning-Rate Selection in Computer Vision*.

Read the modules in this order:

``data``       MNIST and CIFAR-10 as tensors in memory
``models``     the two small networks that the course trains
``schedules``  learning-rate schedules, pure functions of the step
``plateau``    the rule that lowers the rate when the validation loss stops falling
``batches``    the batches of an epoch, in an order that a seed decides; ``augment``: their images
``training``   the training loop
``history``    what it returns, and the file from which it goes on after an interruption
``experiment`` one run as data: what to train, with what, how long
``sweep``      many runs side by side: learning rates times seeds (``pool``: jobs in processes;
               ``worker``: one of them; ``batched``: all at once, on a GPU)
``summary``    mean and spread of a sweep
``measures``   what a recorded experiment measures; ``runs``: records, with where they came from
``claims``     what others say, beside what we measured: ``findings`` on MNIST, ``cifar_claims``
               and ``cifar_findings`` on CIFAR-10; ``evidence`` makes the table of them
``lab``        train-to-target: the frozen data and network; ``recipe``: what may be chosen
``test_bank``  questions of the test, their numbers drawn for each student
``plots``      static pictures (``plots_schedules``: of schedules); ``figures`` and ``quiz``:
               interactive ones (``interactive``: how)
``checks``     ``expect``, the sentence that a failed check shows

Importing ``lrlab`` imports none of them, so that a page that needs a quiz does not load torch.
"""

__version__ = "0.1.0"
