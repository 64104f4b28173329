"""How people get in, stay in and are shut out: invitations, passwords, sessions."""
