"""What students wrote, found and made harmless.

``notebook``  makes of all that what is graded
``find``      finds the notebook
``document``  reads its cells, whatever is in the file
``rebuilt``   puts its answers into the released one
``oddities``  says what is missing or was changed, and what the release has changed since
``tree``      lists what lies in a folder, by name
``content``   a digest of it, to see what has changed
``files``     takes what lies beside the notebook
``passed_over``  names what was handed in and lies where no submission does
``outputs``   keeps of what its cells wrote what may be shown
``drawings``  makes SVG harmless
``markup``    the HTML that may stand on a page
``errors``    the error that stopped a cell, in a student's words
``pages``     Markdown, made HTML for the pages that nbgrader makes
"""
