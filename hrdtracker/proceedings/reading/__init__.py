"""What is read of cases before the courts; it changes nothing."""
