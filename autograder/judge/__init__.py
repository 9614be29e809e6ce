"""The clean process that decides points and messages, and its one door to the student's kernel.

``server``   holds the checks of an assignment and forks for every submission
``client``   asks it, from where the notebook runs
``student``  what a check asks: it gets checked, plain data or a sentence
``tested``   judges an item by an instructor's own test, as nbgrader would
``door``     questions to one submission, within a time for all together
``fork``     one fork of the student's kernel: one line out, one line back, with a time limit
``forks``    has the kernel fork, from where the notebook runs
``wire``     plain data as JSON: numbers, text, lists, arrays as raw bytes; never pickle
``verdict``  parts, points, and the text that a student reads

Three files run in the fork itself, as text, and hold nothing secret: ``bridge`` (answers questions),
``hidden_test`` (runs a test) and ``forked`` (listens).
"""
