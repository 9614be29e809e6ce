"""A class on Kubernetes: what Zero to JupyterHub is told, the images, and grading."""
