"""lrlab: the library behind the course *Learning-Rate Selection in Computer Vision*.

Read the modules in this order:

``data``       MNIST and CIFAR-10 as tensors in memory
``models``     the two small networks that the course trains
``schedules``  learning-rate schedules, pure functions of the step
``batches``    the batches of an epoch, in an order that a seed decides
``training``   the training loop
``history``    what it returns, and the file from which it goes on after an interruption
``experiment`` one run as data: what to train, with what, how long
``sweep``      many runs side by side: learning rates times seeds (``worker``: one process of
               them; ``batched``: all of them at once, on a GPU)
``summary``    mean and spread of a sweep
``runs``       recorded experiments, with where they came from
``plots``      static pictures; ``figures`` and ``quiz``: interactive ones (``interactive``: how)
``checks``     ``expect``, the sentence that a failed check shows

Importing ``lrlab`` imports none of them, so that a page that needs a quiz does not load torch.
"""

__version__ = "0.1.0"
