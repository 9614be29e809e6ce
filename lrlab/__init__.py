"""lrlab: the library behind the course *Learning-Rate Selection in Computer Vision*.

What a chapter teaches with lies flat in this folder. To read it, in this order:

``data``         MNIST and CIFAR-10 as tensors in memory; ``standin``: in place of CIFAR-10, made up;
                 ``roots``: where the files lie
``models``       the two small networks that the course trains
``batches``      the batches of an epoch, in an order that a seed decides; ``augment``: their images
``schedules``    learning-rate schedules, pure functions of the step
``plateau``      the rule that lowers the rate when the validation loss stops falling
``training``     the training loop
``history``      what it returns, and the file from which it goes on after an interruption

What is done with it has a room for each purpose, whose ``__init__`` says what is in it:

``runs``         one experiment as data, many side by side, and the records of what was measured
``plots``        static pictures of records, in the one style of the course
``interactive``  how something that a reader moves gets onto a page; ``quiz``: questions
``strict_yaml``  how quizzes and questions are read: a name that stands twice is an error
``figures``      the figures that a reader moves, one module a figure
``evidence``     what others claim beside what we measured, one module a chapter
``assignments``  what the notebooks of the assignments import

Importing ``lrlab`` imports none of them, so that a page that needs a quiz does not load torch.
"""

__version__ = "0.1.0"
