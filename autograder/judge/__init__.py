"""The clean process that decides points and messages, and its one door to the student's kernel.

``server``   holds the checks of an assignment and forks for every submission
``client``   asks it, from where the notebook runs
``student``  the door: a check asks for plain data, and gets checked data or a sentence
``kernel``   sends one piece of code to the student's kernel and waits, with a time limit
``bridge``   the code that answers inside the student's kernel; it holds nothing secret
``wire``     plain data as JSON: numbers, text, lists, arrays as raw bytes; never pickle
``verdict``  parts, points, and the text that a student reads
"""
