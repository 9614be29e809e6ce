"""The hub of a class, one job a module.

``jupyterhub_config``  what JupyterHub reads: it calls the others; its text says how to start a hub
``proxy``     the proxy, a process of its own, so that sessions go on while the hub restarts
``people``    the system accounts of everybody, and the folders that belong to them
``places``    what students, and what graders see of this machine's files
``view``      makes a process see just that
``limits``    the control group that bounds what it uses
``enter``     starts one server: in its view, in its group, as its account
``spawner``   how the hub starts students' servers; ``systemd`` where there is that
``in_course`` what runs in a course's folder: as its account, in its view
``restored``  a course as it was in a back-up, for each account what is its own
``services``  formgrader, one for each course; ``formgrader`` says so where one does not start
``culling``   stops servers that nobody uses; ``culler_config`` is read by the culler
``roles``     who may open what
``members``   takes out whoever is no longer in the settings
``sign_in``   how people sign in: recipes, and the demo's own
"""
