"""The console: commands for whoever holds the machine and the passphrase."""
