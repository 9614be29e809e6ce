"""JupyterLab as students have it: what they need, and nothing that asks another host."""

c = get_config()  # noqa: F821 (jupyter_server defines it)

c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"

c.ServerApp.jpserver_extensions = {
    "busy_kernels": True,  # beside lrlab in this environment
    "nbgrader.server_extensions.formgrader": False,
}
