"""A class on a JupyterHub of its own, and scripts for clusters. It needs this checkout.

``settings``    ``classroom.yml``, read; ``named`` takes its names one by one
``accounts``    the system account of everyone in a class
``environment``  the Python in which students' servers run, with the settings in ``student``
``chapters``    a repository of the chapters alone, for nbgitpuller
``hub``         the hub: its configuration, students' servers, people, formgrader
``kubernetes``, ``slurm``   grading on a cluster
"""
