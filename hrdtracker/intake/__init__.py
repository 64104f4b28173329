"""What comes from elsewhere: the rows of a sheet become incidents like any other."""
