"""How large a machine a class needs: what a student costs, measured, and what follows for a class."""
