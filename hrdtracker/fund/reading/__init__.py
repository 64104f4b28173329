"""What people see of the fund; nothing here changes anything."""
