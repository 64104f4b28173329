"""How fast the system is: the same invented data and the same work as every system compared."""
