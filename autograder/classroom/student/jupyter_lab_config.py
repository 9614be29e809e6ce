"""JupyterLab as students have it: it asks no other host for anything."""

c = get_config()  # noqa: F821 (jupyterlab defines it)

c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"
